// What can be reached within some hops in both directions, with each event listed once?
//
// As lineage_both, but for walks that take a whole lineage: an event is listed with the node it ends at,
// and no contexts are read.
//
// @param ids ids  ids of the nodes
// @param limit int  stop after so many nodes
// @returns value found rows
UNWIND $ids AS id
MATCH (s:<kind> {id: id})
CALL (s) {
  MATCH (s)-[:<links>*0..<hops>]-(n)
  RETURN DISTINCT n
}
WITH DISTINCT n
LIMIT $limit
RETURN collect([
  n:Artifact,
  n.id,
  [(n)<-[e:<links>]-(m) | [m.id, type(e), e.milliseconds_since_epoch, e.path, e.inferred_at]]
]) AS found
