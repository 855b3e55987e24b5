// Store new nodes of one type.
//
// @param rows rows  the properties of each node
// @returns value written int
UNWIND $rows AS row
CREATE (n:<kind>:<label>)
SET n = row
RETURN count(n) AS written
