// What did this run make?
//
// Artifacts its executions wrote themselves; what was found in the cache or picked out from
// earlier runs is left out. With the type "Model": the models trained in this run.
//
// @param context int  id of the run
// @param type    str ?  only artifacts of this type
// @returns rows artifact int, type str, name str, uri str, execution int, time datetime
// @tags artifacts, runs
MATCH (:Context {id: $context})<-[:ASSOCIATED_WITH]-(e:Execution)-[v:OUTPUT|DECLARED_OUTPUT|PENDING_OUTPUT]->(a:Artifact)
WHERE coalesce(e.last_known_state, '') <> 'CACHED' AND ($type IS NULL OR a.type = $type)
RETURN DISTINCT a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, e.id AS execution,
       v.milliseconds_since_epoch AS time
ORDER BY time, artifact
