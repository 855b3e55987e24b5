// Finds executions that did the same work before.
//
// @returns none
CREATE INDEX execution_cache_key IF NOT EXISTS FOR (n:Execution) ON (n.custom_cache_key)
