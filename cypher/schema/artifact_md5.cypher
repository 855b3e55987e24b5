// Finds artifacts by the md5 of their content.
//
// @returns none
CREATE INDEX artifact_md5 IF NOT EXISTS FOR (n:Artifact) ON (n.md5_key)
