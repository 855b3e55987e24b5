// How a run itself says that it is, where it says so.
//
// The recorder tells it: RUNNING while the run's block is open, then COMPLETE; FAILED or CANCELED where a block
// of the run ended so, between two steps or without any.
//
// @param run  the run's context
CASE WHEN run.custom_run_failure <> '' THEN toString(run.custom_run_failure) ELSE toString(run.custom_run_state) END
