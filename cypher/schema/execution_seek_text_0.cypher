// Finds executions by a short text that a property holds.
//
// @returns none
CREATE INDEX execution_seek_text_0 IF NOT EXISTS FOR (n:Execution) ON (n.seek_text_0)
