// What ran in this run, and how long did it take?
//
// In the order in which the executions started. The step is the name of the context of type "node"
// that TFX and the recorder keep for each step of a pipeline, else the last part of the type's
// name. Executions still running have no end.
//
// @param context int  id of the run
// @returns rows execution int, step str, type str, name str, state str, started datetime, ended datetime, duration duration
// @tags runs, executions
MATCH (e:Execution)-[:ASSOCIATED_WITH]->(:Context {id: $context})
OPTIONAL MATCH (e)-[:ASSOCIATED_WITH]->(n:Context)
WHERE n.type = 'node'
WITH e, min(n.name) AS node, CASE WHEN e.last_known_state IN ['NEW', 'RUNNING'] THEN null
     ELSE e.last_update_time_since_epoch END AS finish
RETURN e.id AS execution, last(split(coalesce(node, e.type), '.')) AS step, e.type AS type,
       e.name AS name, e.last_known_state AS state, e.create_time_since_epoch AS started,
       finish AS ended, finish - e.create_time_since_epoch AS duration
ORDER BY started, execution
