// Two artifacts are the same by one proof once, each way.
//
// The key holds the ids of both ends and the proof.
//
// @returns none
CREATE CONSTRAINT same_as_key IF NOT EXISTS FOR ()-[e:SAME_AS]-() REQUIRE e.key IS UNIQUE
