// Finds artifacts by a digest of their content that is neither sha256 nor md5.
//
// @returns none
CREATE INDEX artifact_digest IF NOT EXISTS FOR (n:Artifact) ON (n.digest_key)
