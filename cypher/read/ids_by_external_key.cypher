// Which nodes have these external ids?
//
// @param keys rows  what to look for, as the index holds it
// @returns rows key str, id int
MATCH (n:<kind>)
WHERE n.external_key IN $keys
RETURN n.external_key AS key, n.id AS id
