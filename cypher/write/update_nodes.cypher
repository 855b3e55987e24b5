// Replace the properties of stored nodes.
//
// @param rows rows  the properties of each node
// @returns none
UNWIND $rows AS row
MATCH (n:<kind> {id: row.id})
SET n = row
