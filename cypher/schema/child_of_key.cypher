// A context is part of another once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT child_of_key IF NOT EXISTS FOR ()-[e:CHILD_OF]-() REQUIRE e.key IS UNIQUE
