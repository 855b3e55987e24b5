// Which of these ids are taken?
//
// @param ids ids  ids of the nodes
// @returns rows id int
UNWIND $ids AS one
MATCH (n:<kind> {id: one})
RETURN n.id AS id
