// What executions made of the columns of artifacts that they read.
//
// @param rows rows  id of the artifact, id of the execution
// @returns rows execution int, source int, target int, column rows
UNWIND $rows AS row
MATCH (:Execution {id: row[1]})-[:OUTPUT]->(o:Artifact)<-[c:COLUMN]-(a:Artifact)
WITH row, o, a, collect(properties(c)) AS columns
WHERE a.id = row[0]
UNWIND columns AS column
RETURN row[1] AS execution, row[0] AS source, o.id AS target, column
