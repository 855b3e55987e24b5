// Link nodes where they are not linked yet by the same key: a pair may have several such links.
//
// @param rows rows  id of the source, id of the target, properties of the link, the key among them
// @returns value written int
UNWIND $rows AS row
MATCH (s:<source> {id: row[0]})
MATCH (t:<target> {id: row[1]})
MERGE (s)-[e:<link> {key: row[2].key}]->(t)
ON CREATE SET e = row[2]
RETURN count(e) AS written
