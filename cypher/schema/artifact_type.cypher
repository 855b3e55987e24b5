// Finds artifacts by their type.
//
// @returns none
CREATE INDEX artifact_type IF NOT EXISTS FOR (n:Artifact) ON (n.type)
