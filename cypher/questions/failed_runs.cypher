// Which runs failed, and at which step?
//
// Runs with at least one failed execution, newest first; resolvers of TFX do not count, for a run
// goes on without what they looked for, nor do the DAGs of Kubeflow Pipelines, in which others are nested. A run is a context whose type contains "run". Shown are the pipeline the run is part of, and its last execution that failed.
//
// @param skip  int = 0 (0..10000000)  leave out the first so many runs
// @param limit int = 100 (1..1000)  at most so many runs
// @returns rows context int, name str, pipeline_context int, failed int, execution int, step str, time datetime
// @tags runs, failures
MATCH (e:Execution)-[:ASSOCIATED_WITH]->(r:Context)
WHERE has_failed(e) AND NOT is_dag(e) AND is_run(r)
WITH r, e
ORDER BY coalesce(e.last_update_time_since_epoch, -9000000000000000) DESC, e.id DESC
WITH r, collect(e) AS failures
OPTIONAL MATCH (r)-[:CHILD_OF]->(p:Context)
WITH r, failures, max(p.id) AS parent
OPTIONAL MATCH (:Execution {id: failures[0].id})-[:ASSOCIATED_WITH]->(n:Context)
WHERE is_step_context(n) OR n.type = 'pipeline'
WITH r, failures, parent, max(CASE WHEN n.type = 'pipeline' THEN n.id END) AS pipeline,
     min(CASE WHEN n.type <> 'pipeline' THEN step_name_of(n) END) AS node
RETURN r.id AS context, r.name AS name, coalesce(parent, pipeline) AS pipeline_context, size(failures) AS failed,
       failures[0].id AS execution,
       step_name(failures[0], node) AS step,
       failures[0].last_update_time_since_epoch AS time
ORDER BY coalesce(time, -9000000000000000) DESC, context DESC
SKIP $skip
LIMIT $limit
