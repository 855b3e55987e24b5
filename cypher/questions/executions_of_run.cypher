// What ran in this run, and how long did it take?
//
// In the order in which the executions started, or with those first that took longest. The step is the name of the context of type "node"
// (or "component_run") that TFX and the recorder keep for each step of a pipeline, or the name of the task that Kubeflow
// Pipelines gives it, else the last part of the type's name. The whole is the execution that is the
// run itself, as MLflow and OpenLineage tell of a run that others are nested in, or a DAG of Kubeflow's. Executions still running have no end; of one whose start and
// end are the same moment it is not known how long it took; those still running count as the longest.
//
// @param context int  id of the run
// @param longest bool = false  those that took longest first
// @param skip    int = 0 (0..10000000)  leave out so many
// @param limit   int = 1000 (1..1000)  at most so many executions
// @returns rows execution int, step str, type str, name str, state str, started datetime, ended datetime, duration duration, whole bool, display_name str
// @tags runs, executions
MATCH (r:Context {id: $context})<-[:ASSOCIATED_WITH]-(e:Execution)
WITH e, is_whole_run(e, r) AS whole,
     CASE WHEN e.last_known_state IN ['NEW', 'RUNNING'] THEN null
     ELSE e.last_update_time_since_epoch END AS finish
WITH e, whole, finish, CASE WHEN NOT $longest THEN e.create_time_since_epoch
                            WHEN e.last_known_state IN ['NEW', 'RUNNING'] THEN -9000000000000000
                            ELSE e.create_time_since_epoch - finish END AS turn
ORDER BY turn, e.id
SKIP $skip
LIMIT $limit
OPTIONAL MATCH (e)-[:ASSOCIATED_WITH]->(n:Context)
WHERE is_step_context(n)
WITH e, whole, finish, turn, min(step_name_of(n)) AS node
ORDER BY turn, e.id
RETURN e.id AS execution,
       step_name(e, node) AS step,
       e.type AS type,
       e.name AS name, e.last_known_state AS state, e.create_time_since_epoch AS started,
       finish AS ended,
       CASE WHEN finish > e.create_time_since_epoch THEN finish - e.create_time_since_epoch END AS duration,
       whole, e.custom_display_name AS display_name
