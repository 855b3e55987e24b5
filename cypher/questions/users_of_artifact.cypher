// Who used this artifact?
//
// Every execution that read it, oldest first.
//
// @param artifact int  id of the artifact
// @returns rows execution int, type str, name str, state str, event str, time datetime
// @tags artifacts, lineage
MATCH (e:Execution)<-[v:INPUT|DECLARED_INPUT|INTERNAL_INPUT]-(:Artifact {id: $artifact})
RETURN e.id AS execution, e.type AS type, e.name AS name, e.last_known_state AS state,
       type(v) AS event, v.milliseconds_since_epoch AS time
ORDER BY time, execution
