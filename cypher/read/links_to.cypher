// All links of some types that end at these nodes.
//
// @param ids ids  ids of the nodes
// @returns rows source int, target int, link str, event rows
MATCH (t:<target>)
WHERE t.id IN $ids
MATCH (s:<source>)-[e:<links>]->(t)
RETURN s.id AS source, t.id AS target, type(e) AS link, properties(e) AS event
