// Ids of artifact types are unique.
//
// @returns none
CREATE CONSTRAINT artifact_type_id IF NOT EXISTS FOR (t:ArtifactType) REQUIRE t.id IS UNIQUE
