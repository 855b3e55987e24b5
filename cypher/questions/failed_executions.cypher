// Which executions failed?
//
// Newest first, with their run and what is known about the error. A run is a context whose type
// contains "run". The DAGs of Kubeflow Pipelines, which fail with what is nested in them, are left out.
//
// @param context int ?  only executions of this pipeline or run
// @param since   datetime = 0  only executions that ended at this moment or later
// @param skip    int = 0 (0..10000000)  leave out the first so many executions
// @param limit   int = 100 (1..1000)  at most so many executions
// @returns rows execution int, type str, name str, run_context int, error str, started datetime, ended datetime
// @tags executions, failures
MATCH (e:Execution)
WHERE e.last_known_state = 'FAILED' AND NOT is_dag(e) AND coalesce(e.last_update_time_since_epoch, 0) >= $since
  AND ($context IS NULL OR EXISTS { (e)-[:ASSOCIATED_WITH]->(:Context {id: $context}) })
WITH e
ORDER BY coalesce(e.last_update_time_since_epoch, -9000000000000000) DESC, e.id DESC
SKIP $skip
LIMIT $limit
OPTIONAL MATCH (e)-[:ASSOCIATED_WITH]->(c:Context)
WHERE is_run(c)
WITH e, max([coalesce(c.create_time_since_epoch, -9000000000000000), c.id])[1] AS run
RETURN e.id AS execution, e.type AS type, e.name AS name, run AS run_context,
       left(toString(coalesce(e.custom_error_message, e.custom_error, e.error_message, e.error, e.custom___execution_result__)), 2000) AS error,
       e.create_time_since_epoch AS started, e.last_update_time_since_epoch AS ended
ORDER BY coalesce(ended, -9000000000000000) DESC, execution DESC
