// Which executions ran with this parameter?
//
// Also which measured this metric (is_metric): what the recorder noted as one, unless its name has a
// quotation mark or a backslash.
// Executions that have the property, declared or custom, newest first; with a value, only those where it
// is that value: numbers are compared by value (1e-5 and 0.00001, 5 and 5.0), true and false in any case,
// other texts as they are.
//
// @param property str  name of the property
// @param value    str ?  only executions with this value
// @param skip     int = 0 (0..10000000)  leave out the first so many executions
// @param limit    int = 200 (1..1000)  at most so many executions
// @returns rows execution int, type str, state str, value str, started datetime, is_metric bool
// @tags executions, parameters
MATCH (e:Execution)
UNWIND [e[$property], e['custom_' + $property]] AS property
WITH DISTINCT e, toString(property) AS held
WHERE held IS NOT NULL
  AND ($value IS NULL OR held = $value OR toFloat(held) = toFloat($value)
       OR (toLower(held) IN ['true', 'false'] AND toLower(held) = toLower($value)))
RETURN e.id AS execution, e.type AS type, e.last_known_state AS state, held AS value,
       e.create_time_since_epoch AS started,
       coalesce(e.custom_metric_names CONTAINS '"' + $property + '"', false) AS is_metric
ORDER BY coalesce(started, -9000000000000000) DESC, execution DESC
SKIP $skip
LIMIT $limit
