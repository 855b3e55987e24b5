// Which runs failed, and at which step?
//
// Runs with at least one failed execution, or that say themselves that they failed (the recorder tells of an
// error between two steps, with its type and message), newest first; resolvers of TFX do not count, for a run
// goes on without what they looked for, nor do the DAGs of Kubeflow Pipelines, in which others are nested. A run is a context whose type contains "run". Shown are the pipeline the run is part of, and its last execution that failed.
//
// @param skip  int = 0 (0..10000000)  leave out the first so many runs
// @param limit int = 100 (1..1000)  at most so many runs
// @returns rows context int, name str, pipeline_context int, failed int, execution int, step str, time datetime, error str
// @tags runs, failures
CALL () {
  MATCH (e:Execution)-[:ASSOCIATED_WITH]->(r:Context)
  WHERE has_failed(e) AND NOT is_dag(e) AND is_run(r) AND counts_in(e, r)
  RETURN r, e, coalesce(e.last_update_time_since_epoch, -9000000000000000) AS moment
  UNION
  MATCH (r:Context {custom_run_failure: 'FAILED'})
  RETURN r, null AS e, coalesce(r.last_update_time_since_epoch, -9000000000000000) AS moment
}
WITH r, e, moment
ORDER BY e IS NULL, moment DESC, e.id DESC
WITH r, collect(e) AS failures, max(moment) AS latest
ORDER BY latest DESC, r.id DESC
SKIP $skip
LIMIT $limit
OPTIONAL MATCH (r)-[:CHILD_OF]->(p:Context)
WITH r, failures, latest, max(p.id) AS parent
OPTIONAL MATCH (:Execution {id: failures[0].id})-[:ASSOCIATED_WITH]->(n:Context)
WHERE is_step_context(n) OR n.type = 'pipeline'
WITH r, failures, latest, parent, max(CASE WHEN n.type = 'pipeline' THEN n.id END) AS pipeline,
     min(CASE WHEN n.type <> 'pipeline' THEN step_name_of(n) END) AS node
RETURN r.id AS context, r.name AS name, coalesce(parent, pipeline) AS pipeline_context, size(failures) AS failed,
       failures[0].id AS execution,
       step_name(failures[0], node) AS step,
       coalesce(failures[0].last_update_time_since_epoch, CASE WHEN size(failures) = 0 THEN latest END) AS time,
       coalesce(r.custom_error_type + ': ' + r.custom_error_message, failures[0].custom_error_type + ': ' + failures[0].custom_error_message) AS error
ORDER BY coalesce(latest, -9000000000000000) DESC, context DESC
