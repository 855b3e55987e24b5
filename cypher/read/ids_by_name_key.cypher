// Which nodes have these names?
//
// @param keys rows  what to look for, as the index holds it
// @returns rows key str, id int
MATCH (n:<kind>)
WHERE n.name_key IN $keys
RETURN n.name_key AS key, n.id AS id
