// How many contexts does a node belong to?
//
// @param id int  id of the node
// @returns value contexts int
MATCH (n:<kind> {id: $id})-[:<link>]->(c:Context)
RETURN count(c) AS contexts
