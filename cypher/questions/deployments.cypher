// What was deployed, and from which model?
//
// Artifacts written by a deployment: an execution whose type derives from mlmd.Deploy or contains
// "pusher" or "deploy". What the deployment gave up (ABANDONED), and what says that it was not pushed
// (a property pushed or deployed that is 0 or false), is left out. Newest first, one line per model it read.
//
// @param context int ?  only executions of this pipeline or run
// @param skip    int = 0 (0..10000000)  leave out the first so many lines
// @param limit   int = 100 (1..1000)  at most so many lines
// @returns rows artifact int, type str, uri str, execution int, state str, model_artifact int, time datetime
// @tags models, deployment
MATCH (e:Execution)-[v:OUTPUT|DECLARED_OUTPUT|PENDING_OUTPUT]->(a:Artifact)
WHERE ($context IS NULL OR EXISTS { (e)-[:ASSOCIATED_WITH]->(:Context {id: $context}) })
  AND coalesce(a.state, '') <> 'ABANDONED'
  AND NOT toLower(toString(coalesce(a.pushed, a.custom_pushed, a.deployed, a.custom_deployed, 1)))
          IN ['0', '0.0', 'false']
OPTIONAL MATCH (t:ExecutionType {id: e.type_id})
WITH e, v, a, t
WHERE t.base_type = 'mlmd.Deploy' OR toLower(e.type) CONTAINS 'pusher'
   OR toLower(e.type) CONTAINS 'deploy'
OPTIONAL MATCH (m:Artifact)-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT]->(e)
OPTIONAL MATCH (s:ArtifactType {id: m.type_id})
WITH e, v, a, CASE
  WHEN toLower(m.type) CONTAINS 'pushed' OR toLower(m.type) CONTAINS 'deployed' THEN null
  WHEN s.base_type = 'mlmd.Model' OR toLower(m.type) ENDS WITH 'model' THEN m.id END AS model
WITH e, v, a, collect(DISTINCT model) AS models
UNWIND CASE WHEN models = [] THEN [null] ELSE models END AS model
RETURN a.id AS artifact, a.type AS type, a.uri AS uri, e.id AS execution,
       e.last_known_state AS state, model AS model_artifact, v.milliseconds_since_epoch AS time
ORDER BY coalesce(time, -9000000000000000) DESC, artifact DESC, model_artifact
SKIP $skip
LIMIT $limit
