// Ids of execution types are unique.
//
// @returns none
CREATE CONSTRAINT execution_type_id IF NOT EXISTS FOR (t:ExecutionType) REQUIRE t.id IS UNIQUE
