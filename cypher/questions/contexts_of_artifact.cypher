// Which pipelines, runs and other contexts does this artifact belong to?
//
// @param artifact int  id of the artifact
// @returns rows context int, type str, name str, created datetime
// @tags artifacts, contexts
MATCH (:Artifact {id: $artifact})-[:ATTRIBUTED_TO]->(c:Context)
RETURN c.id AS context, c.type AS type, c.name AS name, c.create_time_since_epoch AS created
ORDER BY created, context
