// Who made this artifact?
//
// Oldest first: the first execution is the one that did the work. Later ones found it in the
// cache, or picked it out for others to use (event INTERNAL_OUTPUT).
//
// @param artifact int  id of the artifact
// @returns rows execution int, type str, name str, state str, event str, time datetime
// @tags artifacts, lineage
MATCH (e:Execution)-[v:OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]->(:Artifact {id: $artifact})
RETURN e.id AS execution, e.type AS type, e.name AS name, e.last_known_state AS state,
       type(v) AS event, v.milliseconds_since_epoch AS time
ORDER BY time, execution
