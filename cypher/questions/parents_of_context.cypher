// What is this run or context part of?
//
// A run without a recorded parent (TFX before 1.0) is part of the pipeline that has its executions.
//
// @param context int  id of the context
// @returns rows parent_context int, type str, name str, created datetime
// @tags contexts
MATCH (c:Context {id: $context})
CALL (c) {
  MATCH (c)-[:CHILD_OF]->(p:Context)
  RETURN p
  UNION
  WITH c
  WHERE is_run(c)
    AND NOT EXISTS { (c)-[:CHILD_OF]->(:Context) }
  MATCH (c)<-[:ASSOCIATED_WITH]-(:Execution)-[:ASSOCIATED_WITH]->(p:Context)
  WHERE p.type = 'pipeline'
  RETURN p
}
RETURN p.id AS parent_context, p.type AS type, p.name AS name, p.create_time_since_epoch AS created
ORDER BY created, parent_context
