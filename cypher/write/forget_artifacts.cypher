// Remove artifacts that no execution reads or writes, nor any column of theirs.
//
// @param ids ids  ids of the artifacts
// @returns none
UNWIND $ids AS one
MATCH (n:Artifact {id: one})
WHERE NOT (n)--(:Execution) AND NOT (n)-[:COLUMN]-()
DETACH DELETE n
