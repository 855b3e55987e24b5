// External ids of contexts are unique.
//
// @returns none
CREATE CONSTRAINT context_external_key IF NOT EXISTS FOR (n:Context) REQUIRE n.external_key IS UNIQUE
