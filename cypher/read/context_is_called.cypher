// Is there a context of this name?
//
// @param name str  the name
// @returns value found bool
MATCH (c:Context {name: $name})
RETURN c.id IS NOT NULL AS found
LIMIT 1
