// Finds artifacts by a short text that a property holds.
//
// @returns none
CREATE INDEX artifact_seek_text_1 IF NOT EXISTS FOR (n:Artifact) ON (n.seek_text_1)
