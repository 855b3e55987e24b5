// What datasets of OpenLineage say was written of them last, and whether that still holds.
//
// @param origins rows  origins of the datasets' contexts
// @returns rows dataset str, told str, ended_at str
UNWIND $origins AS origin
MATCH (d:Context {origin: origin})
OPTIONAL MATCH (w:Execution {origin: d.custom_last_writer})
WHERE w.last_known_state = 'COMPLETE'
RETURN origin AS dataset, d.custom_last_written AS told, w.custom_ended_at AS ended_at
