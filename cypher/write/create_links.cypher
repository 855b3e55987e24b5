// Link nodes that were not linked before.
//
// Fewer links than rows means that a node is missing.
//
// @param rows rows  id of the source, id of the target, properties of the link
// @returns value written int
UNWIND $rows AS row
MATCH (s:<source> {id: row[0]})
MATCH (t:<target> {id: row[1]})
CREATE (s)-[e:<link>]->(t)
SET e = row[2]
RETURN count(e) AS written
