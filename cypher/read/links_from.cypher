// All links of some types that begin at these nodes.
//
// In one list of [source, target, type, properties].
//
// @param ids ids  ids of the nodes
// @returns value links rows
MATCH (s:<source>)
WHERE s.id IN $ids
MATCH (s)-[e:<links>]->(t:<target>)
RETURN collect([s.id, t.id, type(e), properties(e)]) AS links
