// An execution that has a say in how its run ended.
//
// What did not go well before the run was taken up again (the recorder's resume) has none.
//
// @param execution  the execution
// @param run  its run
(coalesce(execution.create_time_since_epoch >= run.custom_run_resumed, true) OR execution.last_known_state IN ['COMPLETE', 'CACHED'])
