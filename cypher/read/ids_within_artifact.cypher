// Which artifacts belong to a context, or to what is part of it?
//
// Those that are attributed to one of these contexts, and those its executions put out.
//
// @param id   int ?  id of the context
// @param name str ?  name of the context, instead of its id
// @returns value ids ids
CALL {
  MATCH (top:Context)
  WHERE top.id = $id OR top.name = $name
  CALL (top) {
    MATCH (top)<-[:CHILD_OF*0..]-(c:Context)
    RETURN DISTINCT c
  }
  MATCH (c)<-[:ATTRIBUTED_TO]-(n:Artifact)
  RETURN collect(DISTINCT n.id) AS attributed
}
CALL {
  MATCH (top:Context)
  WHERE top.id = $id OR top.name = $name
  CALL (top) {
    MATCH (top)<-[:CHILD_OF*0..]-(c:Context)
    RETURN DISTINCT c
  }
  MATCH (c)<-[:ASSOCIATED_WITH]-(:Execution)-[:<links>]->(n:Artifact)
  RETURN collect(DISTINCT n.id) AS made
}
RETURN attributed + made AS ids
