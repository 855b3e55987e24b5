// Link nodes where they are not linked yet.
//
// MERGE alone does not keep racing writers of the embedded engine from making two; the constraint on
// the key, which the properties hold, does.
//
// @param rows rows  id of the source, id of the target, properties of the link
// @returns value written int
UNWIND $rows AS row
MATCH (s:<source> {id: row[0]})
MATCH (t:<target> {id: row[1]})
MERGE (s)-[e:<link>]->(t)
ON CREATE SET e = row[2]
RETURN count(e) AS written
