// Nodes by their ids.
//
// In one list: a record costs the client more than a node does. The embedded engine finds single
// values by the index faster than lists of them.
//
// @param ids ids  ids of the nodes
// @returns value nodes rows
UNWIND $ids AS id
MATCH (n:<kind> {id: id})
RETURN collect(properties(n)) AS nodes
