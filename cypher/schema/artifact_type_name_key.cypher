// Name and version of artifact types are unique.
//
// @returns none
CREATE CONSTRAINT artifact_type_name_key IF NOT EXISTS FOR (t:ArtifactType) REQUIRE t.name_key IS UNIQUE
