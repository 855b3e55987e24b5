// Which contexts are part of this one?
//
// Newest first.
//
// @param context int  id of the context
// @param skip    int = 0 (0..10000000)  leave out the first so many contexts
// @param limit   int = 500 (1..1000)  at most so many contexts
// @returns rows child_context int, type str, name str, created datetime
// @tags contexts
MATCH (:Context {id: $context})<-[:CHILD_OF]-(k:Context)
RETURN k.id AS child_context, k.type AS type, k.name AS name, k.create_time_since_epoch AS created
ORDER BY coalesce(created, -9000000000000000) DESC, child_context DESC
SKIP $skip
LIMIT $limit
