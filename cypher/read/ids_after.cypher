// The next ids of a kind of node, in their order.
//
// @param after int  begin behind this id
// @param limit int  at most so many
// @returns rows id int
MATCH (n:<kind>)
WHERE n.id > $after
RETURN n.id AS id
ORDER BY id
LIMIT $limit
