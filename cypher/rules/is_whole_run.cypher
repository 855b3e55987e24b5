// An execution that is no step but the run itself.
//
// MLflow and OpenLineage tell of a run as an execution of the same origin; Kubeflow Pipelines nests steps in DAGs.
//
// @param execution  the execution
// @param run  its run
coalesce(execution.origin = run.origin, false) OR coalesce(is_dag(execution), false)
