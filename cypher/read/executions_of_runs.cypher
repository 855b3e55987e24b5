// Which executions are in these runs, of which steps, and what did they put out?
//
// In the order in which they started. The outputs are pairs of an artifact's id and the argument it was
// put out as; of an execution with more than the limit, so many and one more.
//
// @param ids ids  ids of the runs
// @param outputs int  at most so many outputs of an execution
// @returns rows context int, execution int, step str, outputs rows
UNWIND $ids AS id
MATCH (r:Context {id: id})<-[:ASSOCIATED_WITH]-(e:Execution)
OPTIONAL MATCH (e)-[:ASSOCIATED_WITH]->(n:Context)
WHERE is_step_context(n)
WITH r, e, min(step_name_of(n)) AS node
RETURN r.id AS context, e.id AS execution, step_name(e, node) AS step,
       [(e)-[v:OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT]->(a:Artifact) | [a.id, split(v.path, '"')[1]]][..$outputs + 1] AS outputs
ORDER BY coalesce(e.create_time_since_epoch, 0), execution
