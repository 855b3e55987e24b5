// How many nodes have the label of a type?
//
// @returns value count int
MATCH (n:<label>)
RETURN count(n) AS count
