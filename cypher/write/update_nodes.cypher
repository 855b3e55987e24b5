// Replace the properties of stored nodes.
//
// @param rows rows  the properties of each node
// @returns value written int
UNWIND $rows AS row
MATCH (n:<kind> {id: row.id})
SET n = row
RETURN count(n) AS written
