// Which version of a dataset did each of these runs read, where it does not tell?
//
// What the run is known to have read, else the artifact that an execution wrote last that completed
// before, and before the run itself completed. ``ended_at`` is a text that sorts like the moment.
//
// @param rows rows  origin of the dataset's context, origin of the run's execution, the moment as such a text
// @returns rows dataset str, run str, kept str, latest rows
UNWIND $rows AS row
MATCH (d:Context {origin: row[0]})
OPTIONAL MATCH (r:Execution {origin: row[1]})
OPTIONAL MATCH (r)<-[:INPUT]-(k:Artifact)-[:ATTRIBUTED_TO]->(d)
WITH row, d, min(k.origin) AS kept,
     min(CASE WHEN r.last_known_state = 'COMPLETE' AND r.custom_ended_at < row[2]
              THEN r.custom_ended_at ELSE row[2] END) AS before
OPTIONAL MATCH (d)<-[:ATTRIBUTED_TO]-(a:Artifact)<-[:OUTPUT]-(w:Execution)
WHERE kept IS NULL AND w.last_known_state = 'COMPLETE' AND w.custom_ended_at < before AND w.origin <> row[1]
WITH row, kept, max([w.custom_ended_at, w.origin, a.origin]) AS latest
RETURN row[0] AS dataset, row[1] AS run, kept, latest
