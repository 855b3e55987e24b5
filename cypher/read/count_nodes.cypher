// How many nodes of a kind are there?
//
// @returns value count int
MATCH (n:<kind>)
RETURN count(n) AS count
