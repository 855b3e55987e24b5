// How many nodes are one event away from a node, with the flow of data?
//
// @param id int  id of the node
// @returns value nodes int
MATCH (n:<kind> {id: $id})-[:<links>]->(m)
RETURN count(DISTINCT m) AS nodes
