// Nodes by their ids.
//
// In one list: a record costs the client more than a node does.
//
// @param ids ids  ids of the nodes
// @returns value nodes rows
MATCH (n:<kind>)
WHERE n.id IN $ids
RETURN collect(properties(n)) AS nodes
