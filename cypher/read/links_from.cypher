// All links of some types that begin at these nodes.
//
// @param ids ids  ids of the nodes
// @returns rows source int, target int, link str, event rows
MATCH (s:<source>)
WHERE s.id IN $ids
MATCH (s)-[e:<links>]->(t:<target>)
RETURN s.id AS source, t.id AS target, type(e) AS link, properties(e) AS event
