// Which store is this, and which version of the schema does it have?
//
// @returns one id str, version int
MATCH (s:Store {key: 'store'})
RETURN s.id AS id, s.schema_version AS version
