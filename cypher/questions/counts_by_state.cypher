// How many executions ended in which state?
//
// In the whole store, or in one pipeline or run. Executions without a reported state are UNKNOWN. The DAGs of
// Kubeflow Pipelines, in which others are nested, are left out: many never end.
//
// @param context int ?  id of the pipeline or run; empty: the whole store
// @returns rows state str, executions int
// @tags overview, executions
CALL () {
  WITH 1 AS whole
  WHERE $context IS NULL
  MATCH (e:Execution)
  WHERE NOT is_dag(e)
  RETURN coalesce(e.last_known_state, 'UNKNOWN') AS state, count(*) AS executions
  UNION ALL
  MATCH (:Context {id: $context})<-[:ASSOCIATED_WITH]-(e:Execution)
  WHERE NOT is_dag(e)
  RETURN coalesce(e.last_known_state, 'UNKNOWN') AS state, count(*) AS executions
}
RETURN state, executions
ORDER BY executions DESC, state
