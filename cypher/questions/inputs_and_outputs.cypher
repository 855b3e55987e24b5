// What did this execution read and write?
//
// One line per event; the argument is the name and place under which the artifact was passed, as JSON.
//
// @param execution int  id of the execution
// @returns rows direction str, artifact int, type str, name str, uri str, argument str, event str, time datetime
// @tags executions
CALL () {
  MATCH (a:Artifact)-[v:INPUT|DECLARED_INPUT|INTERNAL_INPUT]->(:Execution {id: $execution})
  RETURN 'input' AS direction, a, v
  UNION ALL
  MATCH (a:Artifact)<-[v:OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]-(:Execution {id: $execution})
  RETURN 'output' AS direction, a, v
}
RETURN direction, a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri,
       v.path AS argument, type(v) AS event, v.milliseconds_since_epoch AS time
ORDER BY direction, argument, artifact, event
