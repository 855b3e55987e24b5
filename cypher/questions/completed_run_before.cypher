// Which run of the same pipeline was the last before this one that completed?
//
// The newest run that is older than this one and whose executions all ended well; a resolver of TFX
// that failed does not count, nor do the DAGs in which Kubeflow Pipelines nests its steps. To be
// compared with it: what failed half-way has no results to compare.
//
// @param context int  id of the run
// @returns rows context int, name str, started datetime
// @tags pipelines, runs, compare
MATCH (r:Context {id: $context})-[:CHILD_OF]->(:Context)<-[:CHILD_OF]-(b:Context)
WITH DISTINCT b, coalesce(b.create_time_since_epoch, 0) AS began,
     coalesce(r.create_time_since_epoch, 0) AS later
WHERE began < later OR (began = later AND b.id < $context)
WITH b, began
ORDER BY began DESC, b.id DESC
WHERE EXISTS {
        MATCH (b)<-[:ASSOCIATED_WITH]-(e:Execution)
        WHERE coalesce(e.type, '') <> 'system.DAGExecution'
      }
  AND NOT EXISTS {
        MATCH (b)<-[:ASSOCIATED_WITH]-(e:Execution)
        WHERE coalesce(e.type, '') <> 'system.DAGExecution'
          AND (e.last_known_state IN ['NEW', 'RUNNING', 'CANCELED']
               OR (e.last_known_state = 'FAILED' AND NOT toLower(coalesce(e.type, '')) ENDS WITH 'resolver'))
      }
RETURN b.id AS context, b.name AS name, b.create_time_since_epoch AS started
ORDER BY coalesce(started, 0) DESC, context DESC
LIMIT 1
