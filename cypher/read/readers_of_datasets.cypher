// Runs of OpenLineage that are inferred to have read any version of datasets after a moment.
//
// @param rows rows  origin of the dataset's context, moment (µs)
// @returns rows run str
UNWIND $rows AS row
MATCH (:Context {origin: row[0]})<-[:ATTRIBUTED_TO]-(a:Artifact)-[e:INPUT]->(r:Execution)
WHERE r.origin STARTS WITH 'openlineage:run|'
  AND coalesce(e.inferred_at,
               CASE WHEN a.custom_version IS NULL THEN e.milliseconds_since_epoch * 1000 + 999 END) > row[1]
RETURN DISTINCT r.origin AS run
