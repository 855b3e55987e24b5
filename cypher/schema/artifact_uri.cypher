// Finds artifacts by their URI.
//
// @returns none
CREATE INDEX artifact_uri IF NOT EXISTS FOR (n:Artifact) ON (n.uri_key)
