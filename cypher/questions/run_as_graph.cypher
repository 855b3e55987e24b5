// What does this run look like?
//
// Its executions with everything they read and wrote: the run's DAG.
//
// @param context int  id of the run
// @returns graph execution node, artifacts nodes
// @tags runs, graphs
MATCH (:Context {id: $context})<-[:ASSOCIATED_WITH]-(e:Execution)
OPTIONAL MATCH (e)-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT|OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]-(a:Artifact)
RETURN e AS execution, collect(DISTINCT a) AS artifacts
