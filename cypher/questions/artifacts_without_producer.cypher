// Which artifacts were made by nothing we know of?
//
// No execution has written them: data from outside, or a gap in the records.
//
// @param type  str ?  only artifacts of this type
// @param skip  int = 0 (0..10000000)  leave out the first so many artifacts
// @param limit int = 500 (1..1000)  at most so many artifacts
// @returns rows artifact int, type str, name str, uri str, state str, created datetime
// @tags artifacts, housekeeping
MATCH (a:Artifact)
WHERE ($type IS NULL OR a.type = $type)
  AND NOT EXISTS { (a)<-[:OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]-(:Execution) }
RETURN a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, a.state AS state,
       a.create_time_since_epoch AS created
ORDER BY created, artifact
SKIP $skip
LIMIT $limit
