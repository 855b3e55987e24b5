// Which types have these ids? All kinds of type share one sequence.
//
// @param ids ids  ids of the types
// @returns rows id int
MATCH (t:ArtifactType) WHERE t.id IN $ids RETURN t.id AS id
UNION ALL
MATCH (t:ExecutionType) WHERE t.id IN $ids RETURN t.id AS id
UNION ALL
MATCH (t:ContextType) WHERE t.id IN $ids RETURN t.id AS id
