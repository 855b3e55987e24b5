// A record of an outside source becomes one artifact.
//
// @returns none
CREATE CONSTRAINT artifact_origin IF NOT EXISTS FOR (n:Artifact) REQUIRE n.origin IS UNIQUE
