// Which pipelines are there, and when did they last run?
//
// A pipeline is a context that is not part of another one and that has parts of its own: its runs.
//
// @returns rows context int, type str, name str, runs int, last_run_context int, last_run datetime
// @tags overview, pipelines
MATCH (r:Context)-[:CHILD_OF]->(p:Context)
WHERE NOT EXISTS { (p)-[:CHILD_OF]->(:Context) }
WITH p, r
ORDER BY r.create_time_since_epoch DESC, r.id DESC
WITH p, collect(r) AS children
RETURN p.id AS context, p.type AS type, p.name AS name, size(children) AS runs,
       children[0].id AS last_run_context, children[0].create_time_since_epoch AS last_run
ORDER BY last_run DESC, context
