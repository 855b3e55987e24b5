// What is the latest artifact of this type?
//
// Newest first; the first line is the latest. What was given up or deleted (ABANDONED, DELETED) comes last.
//
// @param type    str  type of the artifacts
// @param context int ?  only artifacts of this pipeline or run
// @param skip    int = 0 (0..10000000)  leave out the first so many artifacts
// @param limit   int = 10 (1..1000)  at most so many artifacts
// @returns rows artifact int, name str, uri str, state str, created datetime
// @tags artifacts
MATCH (a:Artifact)
WHERE a.type = $type
  AND ($context IS NULL OR EXISTS { (a)-[:ATTRIBUTED_TO]->(:Context {id: $context}) })
RETURN a.id AS artifact, a.name AS name, a.uri AS uri, a.state AS state,
       a.create_time_since_epoch AS created
ORDER BY CASE WHEN state IN ['ABANDONED', 'DELETED'] THEN 1 ELSE 0 END, coalesce(created, -9000000000000000) DESC, artifact DESC
SKIP $skip
LIMIT $limit
