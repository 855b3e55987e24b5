// An artifact is the input of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT input_key IF NOT EXISTS FOR ()-[e:INPUT]-() REQUIRE e.key IS UNIQUE
