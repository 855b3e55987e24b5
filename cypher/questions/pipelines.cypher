// Which pipelines are there, and when did they last run?
//
// A pipeline is a context that is not part of another one and that has parts of its own: its runs.
// Where a store does not say what runs are part of (TFX before 1.0), those are runs of a context of type
// "pipeline" whose executions are also the pipeline's.
//
// @returns rows context int, type str, name str, runs int, last_run_context int, last_run datetime
// @tags overview, pipelines
CALL () {
  MATCH (r:Context)-[:CHILD_OF]->(p:Context)
  RETURN p, r
  UNION
  MATCH (t:ContextType {name: 'pipeline'})
  MATCH (p:Context {type_id: t.id})
  WHERE shares_runs(p)
  WITH p
  shared_runs(p, r)
  RETURN p, r
}
WITH p, count(r) AS runs, max(r.create_time_since_epoch) AS last_run,
     max([coalesce(r.create_time_since_epoch, -9000000000000000), r.id])[1] AS last_run_context
WHERE NOT EXISTS { (p)-[:CHILD_OF]->(:Context) }
RETURN p.id AS context, p.type AS type, p.name AS name, runs,
       last_run_context, last_run
ORDER BY coalesce(last_run, -9000000000000000) DESC, context
