// Finds artifacts that have more properties than keys.
//
// @returns none
CREATE INDEX artifact_seek_more IF NOT EXISTS FOR (n:Artifact) ON (n.seek_more)
