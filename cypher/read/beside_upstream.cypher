// Which nodes are one hop away, against the flow of data? The newest first, a page of those that match.
//
// A match has the text in its name, address or type, or it is the node's id. Artifacts and
// executions may have the same id, so a place in the list is identified by both.
//
// @param id int  id of the node
// @param text str  in lower case; empty for any
// @param type str  empty for any
// @param state str  empty for any
// @param before int  only what stands below this place
// @param limit int  at most so many
// @returns rows place int, is_artifact bool, id int, type str, name str, state str, time int
MATCH (n:<kind> {id: $id})<-[:<links>]-(m)
WHERE m.id * 2 + CASE WHEN m:Artifact THEN 1 ELSE 0 END < $before
  AND ($type = '' OR m.type = $type)
  AND ($state = '' OR coalesce(m.state, m.last_known_state, 'UNKNOWN') = $state)
  AND ($text = '' OR toLower(coalesce(m.name, '')) CONTAINS $text
       OR toLower(coalesce(m.uri, '')) CONTAINS $text
       OR toLower(m.type) CONTAINS $text OR toString(m.id) = $text)
RETURN DISTINCT m.id * 2 + CASE WHEN m:Artifact THEN 1 ELSE 0 END AS place,
       m:Artifact AS is_artifact, m.id AS id, m.type AS type, m.name AS name,
       coalesce(m.state, m.last_known_state, 'UNKNOWN') AS state, m.create_time_since_epoch AS time
ORDER BY place DESC
LIMIT $limit
