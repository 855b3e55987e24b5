// Replace the properties of a stored type.
//
// @param rows rows  the properties of the type
// @returns none
UNWIND $rows AS row
MATCH (t:<kind>Type {id: row.id})
SET t = row
