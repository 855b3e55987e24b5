// What datasets of OpenLineage say was written of them last, whether that still holds, and their other names.
//
// @param origins rows  origins of the datasets' contexts
// @returns rows dataset str, told str, ended_at str, aliases str
UNWIND $origins AS origin
MATCH (d:Context {origin: origin})
OPTIONAL MATCH (w:Execution {origin: d.custom_last_writer})
WHERE w.last_known_state = 'COMPLETE'
RETURN origin AS dataset, d.custom_last_written AS told, w.custom_ended_at AS ended_at,
       d.custom_also_known_as AS aliases
