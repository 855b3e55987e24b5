// Finds executions that have more properties than keys.
//
// @returns none
CREATE INDEX execution_seek_more IF NOT EXISTS FOR (n:Execution) ON (n.seek_more)
