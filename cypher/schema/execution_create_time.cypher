// Finds executions by their create time.
//
// @returns none
CREATE INDEX execution_create_time IF NOT EXISTS FOR (n:Execution) ON (n.create_time_since_epoch)
