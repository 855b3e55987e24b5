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
  WHERE shares_runs(p)
  shared_runs(p, r)
  RETURN r
}
RETURN count(DISTINCT r) AS runs
