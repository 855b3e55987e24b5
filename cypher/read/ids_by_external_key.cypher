// Which nodes have these external ids?
//
// The embedded engine compares each node that it finds with every item of a list after IN.
//
// @param keys rows  what to look for, as the index holds it
// @returns rows key str, id int
UNWIND $keys AS key
MATCH (n:<kind> {external_key: key})
RETURN key, n.id AS id
