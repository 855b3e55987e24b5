// Finds artifacts by their last update time.
//
// @returns none
CREATE INDEX artifact_last_update_time IF NOT EXISTS FOR (n:Artifact) ON (n.last_update_time_since_epoch)
