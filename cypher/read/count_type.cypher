// How many nodes of a kind have the label of a type?
//
// @returns value count int
MATCH (n:<kind>:<label>)
RETURN count(n) AS count
