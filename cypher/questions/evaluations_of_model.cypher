// How was this model judged?
//
// What evaluations wrote that read this model: executions whose type derives from mlmd.Evaluate
// or contains "evaluat". The role is the argument under which the evaluation took the model. Where it
// was the baseline that another model is compared with, it was not judged itself: those come last.
// Else oldest first.
//
// @param artifact int  id of the model
// @returns rows evaluation_artifact int, type str, uri str, execution int, role str, state str, time datetime
// @tags models
MATCH (:Artifact {id: $artifact})-[u:INPUT|DECLARED_INPUT|INTERNAL_INPUT]->(e:Execution)-[v:OUTPUT|DECLARED_OUTPUT|PENDING_OUTPUT]->(a:Artifact)
OPTIONAL MATCH (t:ExecutionType {id: e.type_id})
WITH DISTINCT e, v, a, t, split(u.path, '"')[1] AS role
WHERE t.base_type = 'mlmd.Evaluate' OR toLower(e.type) CONTAINS 'evaluat'
RETURN a.id AS evaluation_artifact, a.type AS type, a.uri AS uri, e.id AS execution, role,
       e.last_known_state AS state, v.milliseconds_since_epoch AS time
ORDER BY CASE WHEN toLower(role) CONTAINS 'baseline' THEN 1 ELSE 0 END, time, evaluation_artifact
