// Which run of the same pipeline was the last before this one that completed?
//
// The newest run that is older than this one and whose executions all ended well; a resolver of TFX
// that failed does not count, nor do the DAGs in which Kubeflow Pipelines nests its steps. To be
// compared with it: what failed half-way has no results to compare. Where a store does not say what
// runs are part of (TFX before 1.0), those are of one pipeline whose executions are.
//
// @param context int  id of the run
// @returns rows context int, name str, started datetime
// @tags pipelines, runs, compare
MATCH (r:Context {id: $context})
CALL (r) {
  MATCH (r)-[:CHILD_OF]->(:Context)<-[:CHILD_OF]-(b:Context)
  RETURN b
  UNION
  WITH r
  WHERE NOT EXISTS { (r)-[:CHILD_OF]->(:Context) }
  MATCH (r)<-[:ASSOCIATED_WITH]-(:Execution)-[:ASSOCIATED_WITH]->(p:Context {type: 'pipeline'})
  WITH DISTINCT p
  MATCH (p)<-[:ASSOCIATED_WITH]-(:Execution)-[:ASSOCIATED_WITH]->(b:Context)
  WHERE is_run(b)
  RETURN b
}
WITH r, b
WHERE b.id <> r.id
WITH DISTINCT b, coalesce(b.create_time_since_epoch, 0) AS began,
     coalesce(r.create_time_since_epoch, 0) AS later
WHERE began < later OR (began = later AND b.id < $context)
WITH b, began
ORDER BY began DESC, b.id DESC
WHERE coalesce(run_told(b) = 'COMPLETE', true)
  AND EXISTS {
        MATCH (b)<-[:ASSOCIATED_WITH]-(e:Execution)
        WHERE NOT is_dag(e)
      }
  AND NOT EXISTS {
        MATCH (b)<-[:ASSOCIATED_WITH]-(e:Execution)
        WHERE NOT is_dag(e) AND counts_in(e, b)
          AND (e.last_known_state IN ['NEW', 'RUNNING', 'CANCELED']
               OR has_failed(e))
      }
RETURN b.id AS context, b.name AS name, b.create_time_since_epoch AS started
ORDER BY coalesce(started, 0) DESC, context DESC
LIMIT 1
