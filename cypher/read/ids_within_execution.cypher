// Which executions belong to a context, or to what is part of it?
//
// @param id   int ?  id of the context
// @param name str ?  name of the context, instead of its id
// @returns value ids ids
MATCH (top:Context)
WHERE top.id = $id OR top.name = $name
CALL (top) {
  MATCH (top)<-[:CHILD_OF*0..]-(c:Context)
  RETURN DISTINCT c
}
MATCH (c)<-[:ASSOCIATED_WITH]-(n:Execution)
RETURN collect(DISTINCT n.id) AS ids
