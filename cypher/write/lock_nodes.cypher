// Nodes by their ids, for an update: nobody else can change them until the transaction ends.
//
// In one list. All nodes have a type. The first SET takes the write lock, so what is read behind it is the newest; the
// embedded engine, which locks nothing, then sees at the commit that another writer was faster.
//
// @param ids ids  ids of the nodes
// @returns value nodes rows
UNWIND $ids AS one
MATCH (n:<kind> {id: one})
SET n.type_id = n.type_id + 0
WITH n
RETURN collect(properties(n)) AS nodes
