// What executions made of the columns of artifacts that they read.
//
// @param rows rows  id of the artifact, id of the execution
// @returns rows execution int, source int, target int, link str, column rows
UNWIND $rows AS row
MATCH (a:Artifact {id: row[0]})-[c:COLUMN]->(o:Artifact)<-[:OUTPUT]-(:Execution {id: row[1]})
RETURN row[1] AS execution, a.id AS source, o.id AS target, type(c) AS link, properties(c) AS column
