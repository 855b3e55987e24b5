// Finds contexts by their create time.
//
// @returns none
CREATE INDEX context_create_time IF NOT EXISTS FOR (n:Context) ON (n.create_time_since_epoch)
