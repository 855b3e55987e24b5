// There is one sequence of ids of each name.
//
// @returns none
CREATE CONSTRAINT sequence_name IF NOT EXISTS FOR (s:Sequence) REQUIRE s.name IS UNIQUE
