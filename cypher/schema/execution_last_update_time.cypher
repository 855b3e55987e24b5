// Finds executions by their last update time.
//
// @returns none
CREATE INDEX execution_last_update_time IF NOT EXISTS FOR (n:Execution) ON (n.last_update_time_since_epoch)
