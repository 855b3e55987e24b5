// An execution that stands for the whole run and is not a step.
//
// MLflow and OpenLineage record a run as an execution of the same origin, too; Kubeflow Pipelines nests steps in DAGs.
//
// @param execution  the execution
// @param run  its run
coalesce(execution.origin = run.origin, false) OR coalesce(is_dag(execution), false)
