// Nodes of a kind that came or changed at some moment or later, the last ones first.
//
// @param since datetime  the moment
// @param limit int       at most so many
// @returns rows id int, changed datetime
MATCH (n:<kind>)
WHERE n.last_update_time_since_epoch >= $since
RETURN n.id AS id, n.last_update_time_since_epoch AS changed
ORDER BY changed DESC
LIMIT $limit
