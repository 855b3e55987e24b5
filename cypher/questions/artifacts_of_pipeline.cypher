// Which artifacts did the runs of this pipeline bring forth or use?
//
// Artifacts attributed to the pipeline itself or to any context below it, newest first, with the
// newest of those contexts.
//
// @param context int  id of the pipeline
// @param type    str ?  only artifacts of this type
// @param skip    int = 0 (0..10000000)  leave out the first so many artifacts
// @param limit   int = 500 (1..1000)  at most so many artifacts
// @returns rows artifact int, type str, name str, uri str, contexts int, last_context int, created datetime
// @tags artifacts, pipelines
MATCH (p:Context {id: $context})
CALL (p) {
  MATCH (c:Context)-[:CHILD_OF*1..]->(p)
  RETURN DISTINCT c
  UNION
  RETURN p AS c
}
MATCH (a:Artifact)-[:ATTRIBUTED_TO]->(c)
WHERE $type IS NULL OR a.type = $type
WITH a, count(DISTINCT c) AS groups, max(c.id) AS newest
RETURN a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, groups AS contexts,
       newest AS last_context, a.create_time_since_epoch AS created
ORDER BY coalesce(created, -9000000000000000) DESC, artifact DESC
SKIP $skip
LIMIT $limit
