// Runs of OpenLineage by their origins: whether they completed, what they read and wrote.
//
// What is read and written comes in lists of [id, origin, namespace, name, version]; of what is read also
// the moment where it was inferred (µs) and when it was (ms), of what is written also what happened to
// the dataset (its ``lifecycle``).
//
// @param origins rows  origins of executions
// @returns rows origin str, id int, run str, state str, ended_at str, began int, streams bool, read rows, written rows
UNWIND $origins AS origin
MATCH (r:Execution {origin: origin})
RETURN origin, r.id AS id, r.custom_run_id AS run, r.last_known_state AS state, r.custom_ended_at AS ended_at,
       r.create_time_since_epoch AS began, toUpper(coalesce(r.custom_processing_type, '')) = 'STREAMING' AS streams,
       [(r)<-[e:INPUT]-(a:Artifact) |
        [a.id, a.origin, a.custom_namespace, a.custom_dataset, a.custom_version,
         e.inferred_at, e.milliseconds_since_epoch]] AS read,
       [(r)-[:OUTPUT]->(a:Artifact) |
        [a.id, a.origin, a.custom_namespace, a.custom_dataset, a.custom_version, a.custom_lifecycle]] AS written
