// How did each step of these runs end?
//
// A step that ran several times in a run is FAILED where any of its executions failed, else RUNNING, else
// CANCELED where any was, CACHED where all came from the cache, else COMPLETE; its newest execution
// stands for it. A step is known by the context of type "node" (TFX, the recorder, DVC), "component_run" (TFX before 1.0) or "job"
// (OpenLineage) that stands for it over all runs, or by the name of its task (Kubeflow Pipelines), else by
// its type. The whole is the execution that is the run itself, or a DAG of Kubeflow's, in which others are nested.
//
// @param ids ids  ids of the runs
// @returns rows context int, step str, state str, executions int, execution int, started datetime, whole bool
UNWIND $ids AS id
MATCH (r:Context {id: id})<-[:ASSOCIATED_WITH]-(e:Execution)
OPTIONAL MATCH (e)-[:ASSOCIATED_WITH]->(n:Context)
WHERE is_step_context(n) OR n.type = 'job'
WITH r, e, min(CASE WHEN n.type <> 'job' THEN step_name_of(n) END) AS node, min(n.custom_display_name) AS job
WITH r, is_whole_run(e, r) AS whole,
     coalesce(job, step_name(e, node)) AS part, collect(coalesce(e.last_known_state, 'UNKNOWN')) AS states,
     max(e.id) AS newest, min(e.create_time_since_epoch) AS begin
RETURN r.id AS context, part AS step,
       CASE
         WHEN 'FAILED' IN states THEN 'FAILED'
         WHEN 'RUNNING' IN states OR 'NEW' IN states THEN 'RUNNING'
         WHEN 'CANCELED' IN states THEN 'CANCELED'
         WHEN all(s IN states WHERE s = 'CACHED') THEN 'CACHED'
         WHEN all(s IN states WHERE s = 'UNKNOWN') THEN 'UNKNOWN'
         ELSE 'COMPLETE'
       END AS state,
       size(states) AS executions, newest AS execution, begin AS started, whole
ORDER BY started, execution
