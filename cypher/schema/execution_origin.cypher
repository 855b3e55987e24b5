// A record of an outside source becomes one execution.
//
// @returns none
CREATE CONSTRAINT execution_origin IF NOT EXISTS FOR (n:Execution) REQUIRE n.origin IS UNIQUE
