// Store new nodes of one type.
//
// @param rows rows  the properties of each node
// @returns none
UNWIND $rows AS row
CREATE (n:<kind>:<label>)
SET n = row
