// What can be reached within some hops against the flow of data?
//
// The embedded engine visits each node once only where the path begins its own MATCH and
// RETURN DISTINCT of the bare node stands right behind it; else it follows every path.
//
// @param ids ids  ids of the nodes
// @param limit int  stop after so many nodes
// @returns value found rows
MATCH (s:<kind>)
WHERE s.id IN $ids
CALL (s) {
  MATCH (s)<-[:<links>*1..<hops>]-(n)
  RETURN DISTINCT n
}
WITH DISTINCT n
LIMIT $limit
RETURN collect([n:Artifact, n.id]) AS found
