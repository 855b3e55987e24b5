// Which runs used or made this artifact?
//
// One line per run, newest first, with how many of its executions read and wrote the artifact.
// A run is a context whose type contains "run".
//
// @param artifact  int  id of the artifact
// @param direction str = any (any|input|output)  only runs that read it, or only runs that wrote it
// @returns rows context int, name str, reads int, writes int, started datetime
// @tags artifacts, runs
MATCH (e:Execution)-[v:INPUT|DECLARED_INPUT|INTERNAL_INPUT|OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]-(:Artifact {id: $artifact})
MATCH (e)-[:ASSOCIATED_WITH]->(c:Context)
WHERE is_run(c)
WITH c, count(DISTINCT CASE WHEN type(v) ENDS WITH 'INPUT' THEN e.id END) AS used,
     count(DISTINCT CASE WHEN type(v) ENDS WITH 'OUTPUT' THEN e.id END) AS made
WHERE $direction = 'any' OR ($direction = 'input' AND used > 0) OR ($direction = 'output' AND made > 0)
RETURN c.id AS context, c.name AS name, used AS reads, made AS writes,
       c.create_time_since_epoch AS started
ORDER BY coalesce(started, -9000000000000000) DESC, context DESC
