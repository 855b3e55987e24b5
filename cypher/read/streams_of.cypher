// The versions of datasets of OpenLineage that runs write that stream.
//
// @param origins rows  origins of the datasets' contexts
// @returns rows dataset str, writer str, run str, began int, ended str, version str
UNWIND $origins AS origin
MATCH (d:Context {origin: origin})<-[:ATTRIBUTED_TO]-(a:Artifact)<-[:OUTPUT]-(w:Execution)
WHERE toUpper(w.custom_processing_type) = 'STREAMING'
  AND a.custom_namespace = d.custom_namespace AND a.custom_dataset = d.custom_dataset
RETURN origin AS dataset, w.origin AS writer, w.custom_run_id AS run, w.create_time_since_epoch AS began,
       w.custom_ended_at AS ended, a.custom_version AS version
