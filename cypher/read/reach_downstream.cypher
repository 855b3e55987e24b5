// What can be reached within some hops along the flow of data?
//
// RETURN DISTINCT right behind the MATCH lets both engines visit each node once
// instead of following every path.
//
// @param ids ids  ids of the nodes
// @param limit int  stop after so many nodes
// @returns rows artifact bool, id int
MATCH (s:<kind>)
WHERE s.id IN $ids
MATCH (s)-[:<links>*1..<hops>]->(n)
RETURN DISTINCT n:Artifact AS artifact, n.id AS id
LIMIT $limit
