// An execution whose failure makes its run fail.
//
// A resolver of TFX that fails does not: the run goes on without what it looked for.
//
// @param execution  the execution
execution.last_known_state = 'FAILED' AND NOT toLower(coalesce(execution.type, '')) ENDS WITH 'resolver'
