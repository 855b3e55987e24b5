// A name is unique among the contexts of a type.
//
// @returns none
CREATE CONSTRAINT context_name_key IF NOT EXISTS FOR (n:Context) REQUIRE n.name_key IS UNIQUE
