// Which type has this name and version?
//
// @param key str  name and version, as the index holds them
// @returns rows type rows
MATCH (t:<kind>Type {name_key: $key})
RETURN properties(t) AS type
