// What can be reached within some hops along the flow of data?
//
// The embedded engine visits each node once only where the path begins its own MATCH and
// RETURN DISTINCT of the bare node stands right behind it; else it follows every path. Before CALL
// it finds a node by the index where its id is one value, not where it is one of a list.
//
// @param ids ids  ids of the nodes
// @param limit int  stop after so many nodes
// @returns value found rows
UNWIND $ids AS id
MATCH (s:<kind> {id: id})
CALL (s) {
  MATCH (s)-[:<links>*1..<hops>]->(n)
  RETURN DISTINCT n
}
WITH DISTINCT n
LIMIT $limit
RETURN collect([n:Artifact, n.id]) AS found
