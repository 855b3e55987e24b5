// What was written last of datasets of OpenLineage before a moment, by runs that completed.
//
// All versions are looked at: for where what is noted as written last is of later. A moment is a text
// that sorts like it.
//
// @param rows rows  number of the row, origin of the dataset's context, moment
// @param but rows   origins of runs that do not count
// @returns rows row int, latest rows
UNWIND $rows AS row
MATCH (d:Context {origin: row[1]})<-[:ATTRIBUTED_TO]-(a:Artifact)<-[:OUTPUT]-(w:Execution)
WHERE w.last_known_state = 'COMPLETE' AND w.custom_ended_at < row[2] AND NOT w.origin IN $but
  AND a.custom_namespace = d.custom_namespace AND a.custom_dataset = d.custom_dataset
RETURN row[0] AS row, max([w.custom_ended_at, w.custom_run_id, coalesce(a.custom_version, '')]) AS latest
