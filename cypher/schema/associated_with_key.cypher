// An execution belongs to a context once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT associated_with_key IF NOT EXISTS FOR ()-[e:ASSOCIATED_WITH]-() REQUIRE e.key IS UNIQUE
