// How many executions ended in which state?
//
// Of the whole store, or of one pipeline or run.
//
// @param context int ?  id of the pipeline or run; empty: the whole store
// @returns rows state str, executions int
// @tags overview, executions
MATCH (e:Execution)
WHERE $context IS NULL OR EXISTS { (e)-[:ASSOCIATED_WITH]->(:Context {id: $context}) }
RETURN e.last_known_state AS state, count(*) AS executions
ORDER BY executions DESC, state
