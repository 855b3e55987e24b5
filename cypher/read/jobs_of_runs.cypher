// Which jobs do these OpenLineage runs belong to? Only stored runs are listed.
//
// @param origins rows  origins of executions
// @returns rows run str, namespace str, job str
UNWIND $origins AS origin
MATCH (r:Execution {origin: origin})
WHERE r.custom_namespace IS NOT NULL AND r.custom_job IS NOT NULL
RETURN origin AS run, r.custom_namespace AS namespace, r.custom_job AS job
