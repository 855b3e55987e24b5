// All types of a kind.
//
// @returns rows type rows
MATCH (t:<kind>Type)
RETURN properties(t) AS type
