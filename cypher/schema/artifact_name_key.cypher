// A name is unique among the artifacts of a type.
//
// @returns none
CREATE CONSTRAINT artifact_name_key IF NOT EXISTS FOR (n:Artifact) REQUIRE n.name_key IS UNIQUE
