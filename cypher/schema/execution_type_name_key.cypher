// Name and version of execution types are unique.
//
// @returns none
CREATE CONSTRAINT execution_type_name_key IF NOT EXISTS FOR (t:ExecutionType) REQUIRE t.name_key IS UNIQUE
