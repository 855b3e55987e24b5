// The runs of a pipeline for which shares_runs holds: those that share its executions and have no parent context.
//
// @param pipeline  the pipeline
// @param run  each of its runs
MATCH (pipeline)<-[:ASSOCIATED_WITH]-(:Execution)-[:ASSOCIATED_WITH]->(run:Context)
WHERE is_run(run) AND NOT EXISTS { (run)-[:CHILD_OF]->(:Context) }
