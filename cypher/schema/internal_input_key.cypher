// An artifact is the internal input of an execution once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT internal_input_key IF NOT EXISTS FOR ()-[e:INTERNAL_INPUT]-() REQUIRE e.key IS UNIQUE
