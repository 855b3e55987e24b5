// How many runs does a pipeline have?
//
// As the question runs_of_pipeline finds them.
//
// @param context int  id of the pipeline
// @returns value runs int
MATCH (p:Context {id: $context})
CALL (p) {
  MATCH (p)<-[:CHILD_OF]-(r:Context)
  RETURN r
  UNION
  WITH p
  WHERE p.type = 'pipeline' AND (NOT EXISTS { (p)<-[:CHILD_OF]-(:Context) }
                                 OR EXISTS { (:ContextType {name: 'component_run'}) })
  MATCH (p)<-[:ASSOCIATED_WITH]-(:Execution)-[:ASSOCIATED_WITH]->(r:Context)
  WHERE toLower(r.type) CONTAINS 'run' AND r.type <> 'component_run'
    AND NOT EXISTS { (r)-[:CHILD_OF]->(:Context) }
  RETURN r
}
RETURN count(DISTINCT r) AS runs
