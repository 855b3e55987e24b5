// Which nodes still have these names?
//
// Runs among the writes of a put, in front of them.
//
// @param rows rows  id of the node, its name as the index holds it
// @returns value written int
UNWIND $rows AS row
MATCH (n:<kind> {id: row[0]})
WHERE n.name_key = row[1]
RETURN count(n) AS written
