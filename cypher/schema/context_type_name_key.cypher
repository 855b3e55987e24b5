// Name and version of context types are unique.
//
// @returns none
CREATE CONSTRAINT context_type_name_key IF NOT EXISTS FOR (t:ContextType) REQUIRE t.name_key IS UNIQUE
