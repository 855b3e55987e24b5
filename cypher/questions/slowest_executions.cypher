// Which executions took longest?
//
// Only finished ones (complete, failed or canceled) of which it is known how long they took.
//
// @param context int ?  only executions of this pipeline or run
// @param type    str ?  only executions of this type
// @param skip    int = 0 (0..10000000)  leave out the first so many executions
// @param limit   int = 20 (1..1000)  at most so many executions
// @returns rows execution int, type str, name str, state str, started datetime, duration duration
// @tags executions, time
MATCH (e:Execution)
WHERE e.last_known_state IN ['COMPLETE', 'FAILED', 'CANCELED']
  AND e.last_update_time_since_epoch > e.create_time_since_epoch
  AND ($type IS NULL OR e.type = $type)
  AND ($context IS NULL OR EXISTS { (e)-[:ASSOCIATED_WITH]->(:Context {id: $context}) })
RETURN e.id AS execution, e.type AS type, e.name AS name, e.last_known_state AS state,
       e.create_time_since_epoch AS started,
       e.last_update_time_since_epoch - e.create_time_since_epoch AS duration
ORDER BY duration DESC, execution
SKIP $skip
LIMIT $limit
