// Finds artifacts by the sha256 of their content.
//
// @returns none
CREATE INDEX artifact_sha256 IF NOT EXISTS FOR (n:Artifact) ON (n.sha256_key)
