// An artifact is the internal output of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT internal_output_key IF NOT EXISTS FOR ()-[e:INTERNAL_OUTPUT]-() REQUIRE e.key IS UNIQUE
