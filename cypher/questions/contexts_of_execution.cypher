// Which pipeline, run and other contexts does this execution belong to?
//
// @param execution int  id of the execution
// @returns rows context int, type str, name str, created datetime
// @tags executions, contexts
MATCH (:Execution {id: $execution})-[:ASSOCIATED_WITH]->(c:Context)
RETURN c.id AS context, c.type AS type, c.name AS name, c.create_time_since_epoch AS created
ORDER BY created, context
