// What can be reached within some hops against the flow of data?
//
// The embedded engine visits each node once only where the path begins its own MATCH and
// RETURN DISTINCT of the bare node stands right behind it; else it follows every path.
//
// @param ids ids  ids of the nodes
// @param limit int  stop after so many nodes
// @returns rows artifact bool, id int
MATCH (s:<kind>)
WHERE s.id IN $ids
CALL (s) {
  MATCH (s)<-[:<links>*1..<hops>]-(n)
  RETURN DISTINCT n
}
RETURN DISTINCT n:Artifact AS artifact, n.id AS id
LIMIT $limit
