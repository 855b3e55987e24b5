// How many artifacts of each type belong to these runs?
//
// @param ids ids  ids of the runs
// @returns rows context int, type str, artifacts int
UNWIND $ids AS id
MATCH (r:Context {id: id})<-[:ATTRIBUTED_TO]-(a:Artifact)
RETURN r.id AS context, a.type AS type, count(a) AS artifacts
ORDER BY type, context
