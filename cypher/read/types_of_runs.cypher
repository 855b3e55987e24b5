// How many artifacts of each type belong to these runs, or were put out by their executions?
//
// @param ids ids  ids of the runs
// @returns rows context int, type str, artifacts int
UNWIND $ids AS id
CALL (id) {
  MATCH (:Context {id: id})<-[:ATTRIBUTED_TO]-(a:Artifact)
  RETURN a.id AS artifact, a.type AS type
  UNION
  MATCH (:Context {id: id})<-[:ASSOCIATED_WITH]-(:Execution)
        -[:OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]->(a:Artifact)
  RETURN a.id AS artifact, a.type AS type
}
RETURN id AS context, type, count(DISTINCT artifact) AS artifacts
ORDER BY type, context
