// Finds artifacts by their create time.
//
// @returns none
CREATE INDEX artifact_create_time IF NOT EXISTS FOR (n:Artifact) ON (n.create_time_since_epoch)
