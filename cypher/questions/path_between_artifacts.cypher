// How are these two artifacts connected?
//
// A shortest way along events, and across artifacts that are the same thing, seen by several tools. Where data flowed from one to the other, that way; else, with
// direction any, a way over something they have in common.
//
// @param from_artifact int  id of one artifact
// @param to_artifact   int  id of the other artifact
// @param direction     str = any (any|flow)  flow: only where data flowed from one to the other
// @returns graph path path
// @tags lineage, graphs
MATCH (a:Artifact {id: $from_artifact})
MATCH (b:Artifact {id: $to_artifact})
WITH a, b
WHERE a <> b
OPTIONAL MATCH there = shortestPath((a)-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT|OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT|SAME_AS*]->(b))
OPTIONAL MATCH back = shortestPath((b)-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT|OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT|SAME_AS*]->(a))
OPTIONAL MATCH around = shortestPath((a)-[:INPUT|DECLARED_INPUT|INTERNAL_INPUT|OUTPUT|DECLARED_OUTPUT|INTERNAL_OUTPUT|PENDING_OUTPUT|SAME_AS*]-(b))
WHERE $direction = 'any'
WITH coalesce(there, back, around) AS path
WHERE path IS NOT NULL
RETURN path
