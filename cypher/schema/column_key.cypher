// A column is made from another once.
//
// The key holds the ids of both ends and both columns.
//
// @returns none
CREATE CONSTRAINT column_key IF NOT EXISTS FOR ()-[e:COLUMN]-() REQUIRE e.key IS UNIQUE
