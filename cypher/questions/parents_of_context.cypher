// What is this run or context part of?
//
// @param context int  id of the context
// @returns rows parent_context int, type str, name str, created datetime
// @tags contexts
MATCH (:Context {id: $context})-[:CHILD_OF]->(p:Context)
RETURN p.id AS parent_context, p.type AS type, p.name AS name, p.create_time_since_epoch AS created
ORDER BY created, parent_context
