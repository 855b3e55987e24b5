// Which models were trained in this run?
//
// A model is an artifact whose type derives from mlmd.Model or whose type's name ends with
// "model"; it was trained where an execution whose type derives from mlmd.Train or contains
// "train" wrote it, and did not merely find it in the cache. What a training gave up (ABANDONED) comes last.
//
// @param context int  id of the run
// @returns rows artifact int, type str, name str, uri str, state str, execution int, time datetime
// @tags models, runs
MATCH (:Context {id: $context})<-[:ASSOCIATED_WITH]-(e:Execution)-[v:OUTPUT|DECLARED_OUTPUT|PENDING_OUTPUT]->(a:Artifact)
WHERE coalesce(e.last_known_state, '') <> 'CACHED'
OPTIONAL MATCH (s:ArtifactType {id: a.type_id})
OPTIONAL MATCH (t:ExecutionType {id: e.type_id})
WITH a, v, e, s, t
WHERE (s.base_type = 'mlmd.Model' OR toLower(a.type) ENDS WITH 'model')
  AND NOT toLower(a.type) CONTAINS 'pushed' AND NOT toLower(a.type) CONTAINS 'deployed'
  AND (t.base_type = 'mlmd.Train' OR toLower(e.type) CONTAINS 'train')
RETURN DISTINCT a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, a.state AS state,
       e.id AS execution,
       v.milliseconds_since_epoch AS time
ORDER BY CASE WHEN state = 'ABANDONED' THEN 1 ELSE 0 END, time, artifact
