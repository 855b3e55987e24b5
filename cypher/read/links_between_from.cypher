// Links of some types from these nodes to those; each node of the first is looked through.
//
// In one list of [source, target, type, properties].
//
// @param sources ids  ids of the nodes the links begin at
// @param targets ids  ids of the nodes the links end at
// @returns value links rows
UNWIND $sources AS one
MATCH (s:<source> {id: one})-[e:<links>]->(t:<target>)
WHERE t.id IN $targets
RETURN collect([s.id, t.id, type(e), properties(e)]) AS links
