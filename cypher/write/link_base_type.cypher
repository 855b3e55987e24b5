// Say which system type a type is a kind of.
//
// @param type int  id of the type
// @param base str  name of the system type
// @returns none
MATCH (t:<kind>Type {id: $type})
MATCH (b:<kind>Type {name_key: $base})
MERGE (t)-[:SUBTYPE_OF]->(b)
