// Which runs does this pipeline have, and how did they end?
//
// Newest first. A run is FAILED where any of its executions failed, else RUNNING where any is
// still new or running, else CANCELED where any was, else COMPLETE; a resolver of TFX that fails
// does not fail the run, which goes on without what was looked for. The DAGs in which Kubeflow
// Pipelines nests its steps do not count where there are steps: that of the run says RUNNING for ever. What
// the recorder tells of a run counts as well: that its block failed, and since when nothing was heard of it. It
// lasts from the start of its first execution to the end of its last, where it is known of any how
// long it took. Where a store does not say what runs are part of (TFX before 1.0), those are runs of a
// pipeline whose executions are also the pipeline's.
//
// @param context int  id of the pipeline
// @param skip    int = 0 (0..10000000)  leave out so many
// @param limit   int = 100 (1..1000)  at most so many runs
// @returns rows context int, name str, state str, executions int, failed int, cached int, started datetime, ended datetime, duration duration, lost_since datetime
// @tags pipelines, runs
MATCH (p:Context {id: $context})
CALL (p) {
  MATCH (p)<-[:CHILD_OF]-(r:Context)
  RETURN r
  UNION
  WITH p
  WHERE shares_runs(p)
  shared_runs(p, r)
  RETURN r
}
WITH DISTINCT r
ORDER BY coalesce(r.create_time_since_epoch, -9000000000000000) DESC, r.id DESC
SKIP $skip
LIMIT $limit
OPTIONAL MATCH (r)<-[:ASSOCIATED_WITH]-(e:Execution)
WITH r, e, coalesce(is_dag(e), false) AS dag, coalesce(counts_in(e, r), true) AS counts
WITH r, run_told(r) AS told_state, lost_since(r) AS lost, count(e) AS steps, count(CASE WHEN dag THEN 1 END) AS dags,
     collect(CASE WHEN dag OR NOT counts THEN null
                  WHEN e.last_known_state = 'FAILED' AND NOT has_failed(e)
                  THEN 'MISSED' ELSE e.last_known_state END) AS told,
     min(e.create_time_since_epoch) AS begin, max(e.last_update_time_since_epoch) AS finish,
     max(e.last_update_time_since_epoch - e.create_time_since_epoch) AS longest
WITH r, told_state, lost, steps, begin, finish, longest,
     CASE WHEN steps > 0 AND steps = dags THEN ['RUNNING'] ELSE told END AS states
RETURN r.id AS context, r.name AS name,
       CASE
         WHEN 'FAILED' IN states OR coalesce(told_state = 'FAILED', false) THEN 'FAILED'
         WHEN coalesce(told_state = 'CANCELED', false) THEN 'CANCELED'
         WHEN 'RUNNING' IN states OR 'NEW' IN states OR coalesce(told_state = 'RUNNING', false) THEN 'RUNNING'
         WHEN 'CANCELED' IN states THEN 'CANCELED'
         WHEN steps = 0 THEN coalesce(told_state, 'UNKNOWN')
         ELSE 'COMPLETE'
       END AS state,
       steps AS executions,
       size([s IN states WHERE s IN ['FAILED', 'MISSED']]) AS failed,
       size([s IN states WHERE s = 'CACHED']) AS cached,
       coalesce(begin, CASE WHEN told_state IS NOT NULL THEN r.create_time_since_epoch END) AS started,
       CASE WHEN 'RUNNING' IN states OR 'NEW' IN states OR coalesce(told_state = 'RUNNING', false) THEN null
            ELSE coalesce(finish, CASE WHEN r.custom_run_ended > 0 THEN r.custom_run_ended END) END AS ended,
       CASE WHEN longest > 0 AND NOT ('RUNNING' IN states OR 'NEW' IN states OR coalesce(told_state = 'RUNNING', false))
            THEN finish - begin END AS duration,
       lost AS lost_since
ORDER BY coalesce(r.create_time_since_epoch, -9000000000000000) DESC, r.id DESC
