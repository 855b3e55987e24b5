// Which of these ids are taken?
//
// @param ids ids  ids of the nodes
// @returns rows id int
MATCH (n:<kind>)
WHERE n.id IN $ids
RETURN n.id AS id
