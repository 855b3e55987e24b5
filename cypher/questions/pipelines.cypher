// Which pipelines are there, and when did they last run?
//
// A pipeline is a context that is not part of another one and that has parts of its own: its runs.
//
// @returns rows context int, type str, name str, runs int, last_run_context int, last_run datetime
// @tags overview, pipelines
MATCH (r:Context)-[:CHILD_OF]->(p:Context)
WITH p, count(r) AS runs, max([r.create_time_since_epoch, r.id]) AS last
WHERE NOT EXISTS { (p)-[:CHILD_OF]->(:Context) }
RETURN p.id AS context, p.type AS type, p.name AS name, runs,
       last[1] AS last_run_context, last[0] AS last_run
ORDER BY last_run DESC, context
