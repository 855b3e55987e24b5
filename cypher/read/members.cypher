// Which nodes belong to a context?
//
// Ids only, in no order: the caller reads the nodes in pages, by their ids.
//
// @param context int  id of the context
// @returns value ids ids
MATCH (:Context {id: $context})<-[:<link>]-(n)
RETURN collect(n.id) AS ids
