// An artifact is the pending output of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT pending_output_key IF NOT EXISTS FOR ()-[e:PENDING_OUTPUT]-() REQUIRE e.key IS UNIQUE
