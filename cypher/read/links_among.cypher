// Links of some types between these nodes.
//
// @param sources ids  ids of the nodes the links begin at
// @param targets ids  ids of the nodes the links end at
// @returns rows source int, target int, link str, event rows
MATCH (s:<source>)-[e:<links>]->(t:<target>)
WHERE s.id IN $sources AND t.id IN $targets
RETURN s.id AS source, t.id AS target, type(e) AS link, properties(e) AS event
