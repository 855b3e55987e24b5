// Which nodes have these origins?
//
// @param keys rows  what to look for, as the index holds it
// @returns rows key str, id int
MATCH (n:<kind>)
WHERE n.origin IN $keys
RETURN n.origin AS key, n.id AS id
