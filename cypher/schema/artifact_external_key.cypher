// External ids of artifacts are unique.
//
// @returns none
CREATE CONSTRAINT artifact_external_key IF NOT EXISTS FOR (n:Artifact) REQUIRE n.external_key IS UNIQUE
