// What is running now, or was never finished?
//
// Executions that are new or running, the longest-running first. One that started days ago
// was most likely killed; the recorder tells since when nothing was heard of its run. The DAGs of Kubeflow Pipelines, of which many never end, are left out.
//
// @param skip  int = 0 (0..10000000)  leave out the first so many executions
// @param limit int = 100 (1..1000)  at most so many executions
// @returns rows execution int, type str, name str, state str, started datetime, lost_since datetime
// @tags executions, failures
MATCH (e:Execution)
WHERE e.last_known_state IN ['NEW', 'RUNNING'] AND NOT is_dag(e)
WITH e
ORDER BY e.create_time_since_epoch, e.id
SKIP $skip
LIMIT $limit
OPTIONAL MATCH (e)-[:ASSOCIATED_WITH]->(r:Context)
WHERE r.custom_heartbeat IS NOT NULL
WITH e, max(lost_since(r)) AS lost
RETURN e.id AS execution, e.type AS type, e.name AS name, e.last_known_state AS state,
       e.create_time_since_epoch AS started, lost AS lost_since
ORDER BY started, execution
