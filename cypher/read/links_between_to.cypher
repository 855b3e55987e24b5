// Links of some types to these nodes from those; each node of the first is looked through.
//
// In one list of [source, target, type, properties].
//
// @param sources ids  ids of the nodes the links begin at
// @param targets ids  ids of the nodes the links end at
// @returns value links rows
UNWIND $targets AS one
MATCH (s:<source>)-[e:<links>]->(t:<target> {id: one})
WHERE s.id IN $sources
RETURN collect([s.id, t.id, type(e), properties(e)]) AS links
