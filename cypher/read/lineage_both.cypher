// What can be reached within some hops in both directions, and along which events?
//
// In one list of [is it an artifact, id, events that end there, events that begin there, ids of its
// contexts]; an event is [id of the other end, type, time, path, when inferred]. As in reach_*, the path must begin
// its own MATCH with RETURN DISTINCT right behind it. The engines read what hangs on a node faster by
// a comprehension than by a MATCH.
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
  [(n)<-[e:<links>]-(m) | [m.id, type(e), e.milliseconds_since_epoch, e.path, e.inferred_at]],
  [(n)-[e:<links>]->(m) | [m.id, type(e), e.milliseconds_since_epoch, e.path, e.inferred_at]],
  [(n)-[:ATTRIBUTED_TO|ASSOCIATED_WITH]->(c:Context) | c.id]
]) AS found
