// Note the version of the graph's schema that the store was brought up to.
//
// @param version int  the version
// @returns none
MATCH (s:Store)
SET s.schema_version = $version
