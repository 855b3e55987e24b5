// Which events are next to a node, with the flow of data, and what is at their other ends? A page of them.
//
// In the order in which the engine holds them, mostly the newest first: to sort by anything else would
// read what is at the other end of every event.
//
// @param id int  id of the node
// @param skip int  leave out so many events
// @param limit int  at most so many
// @returns rows link str, event rows, node rows
MATCH (n:<kind> {id: $id})-[e:<links>]->(m)
WITH e, m
SKIP $skip
LIMIT $limit
RETURN type(e) AS link, properties(e) AS event, properties(m) AS node
