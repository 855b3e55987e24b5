// There is one record of the store itself.
//
// @returns none
CREATE CONSTRAINT store_key IF NOT EXISTS FOR (s:Store) REQUIRE s.key IS UNIQUE
