// External ids of executions are unique.
//
// @returns none
CREATE CONSTRAINT execution_external_key IF NOT EXISTS FOR (n:Execution) REQUIRE n.external_key IS UNIQUE
