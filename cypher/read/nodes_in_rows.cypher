// Nodes by their ids, a row each: for nodes so large that one list of them is more than the engine holds.
//
// @param ids ids  ids of the nodes
// @returns rows node rows
UNWIND $ids AS id
MATCH (n:<kind> {id: id})
RETURN properties(n) AS node
