// When a run was last alive that says it goes on, but was not heard of for two minutes; null where it is not lost.
//
// The recorder's processes tell every 20 seconds that they are alive. The clocks of machines differ by less.
//
// @param run  the run's context
CASE WHEN run.custom_run_state = 'RUNNING' AND coalesce(run.custom_run_failure, '') = ''
      AND run.custom_heartbeat < timestamp() - 120000 THEN run.custom_heartbeat END
