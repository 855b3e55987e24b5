// An artifact belongs to a context once.
//
// The key, ids of both ends, is set where both were there before: only then can writers race.
//
// @returns none
CREATE CONSTRAINT attributed_to_key IF NOT EXISTS FOR ()-[e:ATTRIBUTED_TO]-() REQUIRE e.key IS UNIQUE
