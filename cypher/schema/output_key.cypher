// An artifact is the output of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT output_key IF NOT EXISTS FOR ()-[e:OUTPUT]-() REQUIRE e.key IS UNIQUE
