// Runs of OpenLineage that are inferred to have read versions after a moment.
//
// Events stored by older releases have no inferred_at; they are inferred where the version is unknown.
//
// @param rows rows  origin of the version, moment (µs)
// @returns rows run str
UNWIND $rows AS row
MATCH (a:Artifact {origin: row[0]})-[e:INPUT]->(r:Execution)
WHERE r.origin STARTS WITH 'openlineage:run|'
  AND coalesce(e.inferred_at,
               CASE WHEN a.custom_version IS NULL THEN e.milliseconds_since_epoch * 1000 + 999 END) > row[1]
RETURN DISTINCT r.origin AS run
