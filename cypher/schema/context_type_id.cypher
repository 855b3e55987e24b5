// Ids of context types are unique.
//
// @returns none
CREATE CONSTRAINT context_type_id IF NOT EXISTS FOR (t:ContextType) REQUIRE t.id IS UNIQUE
