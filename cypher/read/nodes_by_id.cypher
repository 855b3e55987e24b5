// Nodes by their ids.
//
// @param ids ids  ids of the nodes
// @returns rows node rows
MATCH (n:<kind>)
WHERE n.id IN $ids
RETURN properties(n) AS node
