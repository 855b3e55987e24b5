// Finds executions by a number that a property holds.
//
// @returns none
CREATE INDEX execution_seek_number_3 IF NOT EXISTS FOR (n:Execution) ON (n.seek_number_3)
