// Which types and states do the nodes have that are one hop away, against the flow of data?
//
// Counts all, and those that have the text in their name, address or type, or as their id.
//
// @param id int  id of the node
// @param text str  in lower case; empty for any
// @returns rows type str, state str, total int, matching int
MATCH (n:<kind> {id: $id})<-[:<links>]-(m)
WITH DISTINCT m
RETURN m.type AS type, coalesce(m.state, m.last_known_state, 'UNKNOWN') AS state,
       count(m) AS total,
       sum(CASE WHEN $text = '' OR toLower(coalesce(m.name, '')) CONTAINS $text
                  OR toLower(coalesce(m.uri, '')) CONTAINS $text
                  OR toLower(m.type) CONTAINS $text OR toString(m.id) = $text
                THEN 1 ELSE 0 END) AS matching
ORDER BY type, state
