// The next nodes in the order of their ids.
//
// @param after int  begin behind this id
// @param limit int  at most so many
// @returns rows node rows
MATCH (n:<kind>)
WHERE n.id > $after
RETURN properties(n) AS node
ORDER BY n.id
LIMIT $limit
