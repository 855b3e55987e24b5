// Which executions ran with this parameter?
//
// Executions that have the property, declared or custom, newest first; with a value, only those
// where it reads exactly so.
//
// @param property str  name of the property
// @param value    str ?  only executions with this value
// @param skip     int = 0 (0..10000000)  leave out the first so many executions
// @param limit    int = 200 (1..1000)  at most so many executions
// @returns rows execution int, type str, state str, value str, started datetime
// @tags executions, parameters
MATCH (e:Execution)
WITH e, toString(coalesce(e['custom_' + $property], e[$property])) AS held
WHERE held IS NOT NULL AND ($value IS NULL OR held = $value)
RETURN e.id AS execution, e.type AS type, e.last_known_state AS state, held AS value,
       e.create_time_since_epoch AS started
ORDER BY started DESC, execution DESC
SKIP $skip
LIMIT $limit
