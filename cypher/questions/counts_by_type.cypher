// How much of each type is there?
//
// One line per type of artifact, execution and context that has any nodes.
//
// @returns rows kind str, type str, nodes int, newest datetime
// @tags overview
CALL () {
  MATCH (n:Artifact)
  RETURN 'artifact' AS kind, n.type AS type, count(*) AS nodes, max(n.create_time_since_epoch) AS newest
  UNION ALL
  MATCH (n:Execution)
  RETURN 'execution' AS kind, n.type AS type, count(*) AS nodes, max(n.create_time_since_epoch) AS newest
  UNION ALL
  MATCH (n:Context)
  RETURN 'context' AS kind, n.type AS type, count(*) AS nodes, max(n.create_time_since_epoch) AS newest
}
RETURN kind, type, nodes, newest
ORDER BY kind, nodes DESC, type
