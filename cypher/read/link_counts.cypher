// How many links of some types begin or end at each of these nodes?
//
// In one list of [id of the node, how many].
//
// @param ids ids  ids of the nodes
// @returns value counts rows
UNWIND $ids AS one
MATCH (n:<kind> {id: one})
RETURN collect([n.id, COUNT { (n)-[:<links>]-() }]) AS counts
