// Finds artifacts by a number that a property holds.
//
// @returns none
CREATE INDEX artifact_seek_number_2 IF NOT EXISTS FOR (n:Artifact) ON (n.seek_number_2)
