// What ran since this moment?
//
// Executions that started at that moment or later, newest first.
//
// @param since datetime  from this moment on
// @param type  str ?  only executions of this type
// @param skip  int = 0 (0..10000000)  leave out the first so many executions
// @param limit int = 500 (1..1000)  at most so many executions
// @returns rows execution int, type str, name str, state str, started datetime
// @tags executions, time
MATCH (e:Execution)
WHERE e.create_time_since_epoch >= $since AND ($type IS NULL OR e.type = $type)
RETURN e.id AS execution, e.type AS type, e.name AS name, e.last_known_state AS state,
       e.create_time_since_epoch AS started
ORDER BY started DESC, execution DESC
SKIP $skip
LIMIT $limit
