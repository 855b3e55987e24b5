// Store a new type.
//
// @param rows rows  the properties of the type
// @returns none
UNWIND $rows AS row
CREATE (t:<kind>Type)
SET t = row
