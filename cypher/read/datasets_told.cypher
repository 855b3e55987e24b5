// Which version of these OpenLineage datasets was written last, is it still valid, and what are their other names?
//
// Likewise for the streaming run that began to write them last.
//
// @param origins rows  origins of the datasets' contexts
// @returns rows dataset str, told str, ended_at str, streamed str, streamer str, began int, stream_ended str, aliases str
UNWIND $origins AS origin
MATCH (d:Context {origin: origin})
OPTIONAL MATCH (w:Execution {origin: d.custom_last_writer})
WHERE w.last_known_state = 'COMPLETE'
OPTIONAL MATCH (s:Execution {origin: d.custom_last_streamer})
RETURN origin AS dataset, d.custom_last_written AS told, w.custom_ended_at AS ended_at,
       d.custom_last_streamed AS streamed, s.origin AS streamer, s.create_time_since_epoch AS began,
       s.custom_ended_at AS stream_ended, d.custom_also_known_as AS aliases
