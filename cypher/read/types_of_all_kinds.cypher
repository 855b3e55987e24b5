// All types of all kinds, in one round trip.
//
// @returns rows kind str, type rows
MATCH (t:ArtifactType)
RETURN 'artifact' AS kind, properties(t) AS type
UNION ALL
MATCH (t:ExecutionType)
RETURN 'execution' AS kind, properties(t) AS type
UNION ALL
MATCH (t:ContextType)
RETURN 'context' AS kind, properties(t) AS type
