// Finds executions by their type.
//
// @returns none
CREATE INDEX execution_type IF NOT EXISTS FOR (n:Execution) ON (n.type)
