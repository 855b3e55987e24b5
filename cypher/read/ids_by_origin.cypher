// Which nodes have these origins?
//
// The embedded engine compares each node that it finds with every item of a list after IN.
//
// @param keys rows  what to look for, as the index holds it
// @returns rows key str, id int
UNWIND $keys AS key
MATCH (n:<kind> {origin: key})
RETURN key, n.id AS id
