// How many nodes are one hop away, each way?
//
// In one list of [id of the node, how many upstream, how many downstream].
//
// @param ids ids  ids of the nodes
// @returns value degrees rows
UNWIND $ids AS one
MATCH (n:<kind> {id: one})
RETURN collect([
  n.id,
  COUNT { MATCH (n)<-[:<links>]-(p) RETURN DISTINCT p },
  COUNT { MATCH (n)-[:<links>]->(q) RETURN DISTINCT q }
]) AS degrees
