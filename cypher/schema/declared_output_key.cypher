// An artifact is the declared output of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT declared_output_key IF NOT EXISTS FOR ()-[e:DECLARED_OUTPUT]-() REQUIRE e.key IS UNIQUE
