// The last id of a kind of node.
//
// @returns value id int
MATCH (n:<kind>)
RETURN n.id AS id
ORDER BY id DESC
LIMIT 1
