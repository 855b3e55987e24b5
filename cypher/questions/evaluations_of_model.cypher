// How was this model judged?
//
// What evaluations wrote that read this model: executions whose type derives from mlmd.Evaluate
// or contains "evaluat". Oldest first.
//
// @param artifact int  id of the model
// @returns rows evaluation_artifact int, type str, uri str, execution int, state str, time datetime
// @tags models
MATCH (:Artifact {id: $artifact})-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT]->(e:Execution)-[v:OUTPUT|DECLARED_OUTPUT|PENDING_OUTPUT]->(a:Artifact)
OPTIONAL MATCH (t:ExecutionType {id: e.type_id})
WITH DISTINCT e, v, a, t
WHERE t.base_type = 'mlmd.Evaluate' OR toLower(e.type) CONTAINS 'evaluat'
RETURN a.id AS evaluation_artifact, a.type AS type, a.uri AS uri, e.id AS execution,
       e.last_known_state AS state, v.milliseconds_since_epoch AS time
ORDER BY time, evaluation_artifact
