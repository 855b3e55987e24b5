// Which contexts does a node belong to? A page of them, in the order in which the engine holds them.
//
// @param id int  id of the node
// @param skip int  leave out so many
// @param limit int  at most so many
// @returns rows context rows
MATCH (n:<kind> {id: $id})-[:<link>]->(c:Context)
WITH c
SKIP $skip
LIMIT $limit
RETURN properties(c) AS context
