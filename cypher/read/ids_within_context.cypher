// Which contexts are part of a context, at any distance?
//
// @param id   int ?  id of the context
// @param name str ?  name of the context, instead of its id
// @returns value ids ids
MATCH (top:Context)
WHERE top.id = $id OR top.name = $name
CALL (top) {
  MATCH (top)<-[:CHILD_OF*1..]-(c:Context)
  RETURN DISTINCT c
}
RETURN collect(DISTINCT c.id) AS ids
