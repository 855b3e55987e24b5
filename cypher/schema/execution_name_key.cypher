// A name is unique among the executions of a type.
//
// @returns none
CREATE CONSTRAINT execution_name_key IF NOT EXISTS FOR (n:Execution) REQUIRE n.name_key IS UNIQUE
