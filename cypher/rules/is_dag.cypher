// A DAG: an execution in which Kubeflow Pipelines nests the steps of a run.
//
// In Python: questions.roles.is_dag.
//
// @param execution  the execution
execution.type = 'system.DAGExecution'
