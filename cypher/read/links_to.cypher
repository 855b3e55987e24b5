// All links of some types that end at these nodes.
//
// In one list of [source, target, type, properties].
//
// @param ids ids  ids of the nodes
// @returns value links rows
MATCH (t:<target>)
WHERE t.id IN $ids
MATCH (s:<source>)-[e:<links>]->(t)
RETURN collect([s.id, t.id, type(e), properties(e)]) AS links
