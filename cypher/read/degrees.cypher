// How many nodes are one event away, each way?
//
// @param ids ids  ids of the nodes
// @returns rows id int, upstream int, downstream int
UNWIND $ids AS one
MATCH (n:<kind> {id: one})
CALL (n) {
  OPTIONAL MATCH (n)<-[:<links>]-(p)
  RETURN count(DISTINCT p) AS upstream
}
CALL (n) {
  OPTIONAL MATCH (n)-[:<links>]->(q)
  RETURN count(DISTINCT q) AS downstream
}
RETURN n.id AS id, upstream, downstream
