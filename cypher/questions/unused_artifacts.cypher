// Which artifacts were never used?
//
// No execution has read them. Oldest first: candidates for cleaning up.
//
// @param type    str ?  only artifacts of this type
// @param context int ?  only artifacts of this pipeline or run
// @param skip    int = 0 (0..10000000)  leave out the first so many artifacts
// @param limit   int = 500 (1..1000)  at most so many artifacts
// @returns rows artifact int, type str, name str, uri str, state str, created datetime
// @tags artifacts, housekeeping
MATCH (a:Artifact)
WHERE ($type IS NULL OR a.type = $type)
  AND NOT EXISTS { (a)-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT]->(:Execution) }
  AND ($context IS NULL OR EXISTS { (a)-[:ATTRIBUTED_TO]->(:Context {id: $context}) })
RETURN a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, a.state AS state,
       a.create_time_since_epoch AS created
ORDER BY created, artifact
SKIP $skip
LIMIT $limit
