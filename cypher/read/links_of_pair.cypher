// Links of some types between two nodes, of which each may have any number of others.
//
// In one list of [source, target, type, properties].
//
// @param source int  id of the node the links begin at
// @param target int  id of the node the links end at
// @returns value links rows
MATCH (s:<source> {id: $source})
MATCH (t:<target> {id: $target})
MATCH (s)-[e:<links>]->(t)
RETURN collect([s.id, t.id, type(e), properties(e)]) AS links
