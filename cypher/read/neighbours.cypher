// Which nodes of any kind are one link away? Links between columns do not count.
//
// @param id int  id of the node
// @param limit int  at most so many
// @returns rows label str, id int
MATCH (n:<kind> {id: $id})-[:<links>]-(m)
WITH DISTINCT m
LIMIT $limit
RETURN CASE WHEN m:Artifact THEN 'Artifact' WHEN m:Execution THEN 'Execution' ELSE 'Context' END AS label, m.id AS id
ORDER BY label, id
