// Remove the state UNKNOWN from some of the nodes that have it.
//
// @param limit int  at most from so many
// @returns value found int
MATCH (n:<kind>)
WHERE n.state = 'UNKNOWN' OR n.last_known_state = 'UNKNOWN'
WITH n
LIMIT $limit
REMOVE n.state, n.last_known_state
RETURN count(n) AS found
