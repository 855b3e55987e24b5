// Which artifacts belong to this run, pipeline or experiment?
//
// All that are attributed to the context, newest first; also those it only used again.
//
// @param context int  id of the context
// @param type    str ?  only artifacts of this type
// @param skip    int = 0 (0..10000000)  leave out the first so many artifacts
// @param limit   int = 500 (1..1000)  at most so many artifacts
// @returns rows artifact int, type str, name str, uri str, state str, created datetime
// @tags artifacts, runs, pipelines
MATCH (:Context {id: $context})<-[:ATTRIBUTED_TO]-(a:Artifact)
WHERE $type IS NULL OR a.type = $type
RETURN a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, a.state AS state,
       a.create_time_since_epoch AS created
ORDER BY coalesce(created, -9000000000000000) DESC, artifact DESC
SKIP $skip
LIMIT $limit
