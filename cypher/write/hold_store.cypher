// Which version of the graph's schema does the store have, until this transaction ends?
//
// The SET locks the store's node; on the embedded engine the commit fails where another was faster.
//
// @returns value version int
MATCH (s:Store {key: 'store'})
SET s.schema_version = s.schema_version + 0
RETURN s.schema_version AS version
