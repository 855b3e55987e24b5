// All versions of datasets of OpenLineage that were written before a moment, by runs that completed.
//
// A version comes as [when its run completed, the run, the version]; a moment is a text that sorts like it.
//
// @param rows rows  origin of the dataset's context, moment
// @returns rows dataset str, writer str, version rows
UNWIND $rows AS row
MATCH (d:Context {origin: row[0]})<-[:ATTRIBUTED_TO]-(a:Artifact)<-[:OUTPUT]-(w:Execution)
WHERE w.last_known_state = 'COMPLETE' AND w.custom_ended_at < row[1]
  AND a.custom_namespace = d.custom_namespace AND a.custom_dataset = d.custom_dataset
RETURN row[0] AS dataset, w.origin AS writer,
       [w.custom_ended_at, w.custom_run_id, coalesce(a.custom_version, '')] AS version
