// What ran at this commit, and which data is of it?
//
// What recorded the commit of its code (git_commit): contexts, such as a commit, a tag or a run of a
// pipeline; executions, and those of such a context; and the artifacts of such a context: what the
// commit brought, what stands at the tag.
//
// @param commit str (7..64)  the commit, or how it begins: 7 digits or more
// @param skip  int = 0 (0..10000000)  leave out the first so many lines
// @param limit int = 500 (1..1000)  at most so many lines
// @returns rows context int, execution int, artifact int, type str, name str
// @tags runs, artifacts, code
CALL {
  MATCH (c:Context)
  WHERE c.custom_git_commit STARTS WITH $commit
  RETURN 1 AS turn, c.id AS context, null AS execution, null AS artifact, c.type AS type, c.name AS name
  UNION
  MATCH (e:Execution)
  WHERE e.custom_git_commit STARTS WITH $commit
  RETURN 2 AS turn, null AS context, e.id AS execution, null AS artifact, e.type AS type, e.name AS name
  UNION
  MATCH (c:Context)<-[:ASSOCIATED_WITH]-(e:Execution)
  WHERE c.custom_git_commit STARTS WITH $commit
  RETURN 2 AS turn, null AS context, e.id AS execution, null AS artifact, e.type AS type, e.name AS name
  UNION
  MATCH (c:Context)<-[:ATTRIBUTED_TO]-(a:Artifact)
  WHERE c.custom_git_commit STARTS WITH $commit
  RETURN 3 AS turn, null AS context, null AS execution, a.id AS artifact, a.type AS type, a.name AS name
}
WITH turn, context, execution, artifact, type, name
ORDER BY turn, context, execution, artifact
SKIP $skip
LIMIT $limit
RETURN context, execution, artifact, type, name
