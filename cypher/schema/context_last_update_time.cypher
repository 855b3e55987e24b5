// Finds contexts by their last update time.
//
// @returns none
CREATE INDEX context_last_update_time IF NOT EXISTS FOR (n:Context) ON (n.last_update_time_since_epoch)
