// An artifact is the declared input of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT declared_input_key IF NOT EXISTS FOR ()-[e:DECLARED_INPUT]-() REQUIRE e.key IS UNIQUE
