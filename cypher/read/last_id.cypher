// The last id of a kind of node.
//
// Both engines answer the greatest key from the index; to sort, the embedded engine would read all.
//
// @returns value id int
MATCH (n:<kind>)
WHERE n.id > 0
RETURN max(n.id) AS id
