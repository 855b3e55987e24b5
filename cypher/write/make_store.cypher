// Give the store its identity, once.
//
// @param id str  a new UUID, used only where the store has none
// @param version int  version of the graph's schema
// @returns one id str, version int
MERGE (s:Store {key: 'store'})
ON CREATE SET s.id = $id, s.schema_version = $version
RETURN s.id AS id, s.schema_version AS version
