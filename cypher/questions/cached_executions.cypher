// Which executions did not have to run, because their results were in the cache?
//
// Newest first, each with the execution that did the work: the first one that wrote the same
// artifacts without being cached itself.
//
// @param context int ?  only executions of this pipeline or run
// @param skip    int = 0 (0..10000000)  leave out the first so many executions
// @param limit   int = 100 (1..1000)  at most so many executions
// @returns rows execution int, type str, name str, original_execution int, started datetime
// @tags executions, cache
MATCH (e:Execution)
WHERE e.last_known_state = 'CACHED'
  AND ($context IS NULL OR EXISTS { (e)-[:ASSOCIATED_WITH]->(:Context {id: $context}) })
WITH e
ORDER BY coalesce(e.create_time_since_epoch, -9000000000000000) DESC, e.id DESC
SKIP $skip
LIMIT $limit
OPTIONAL MATCH (e)-[:OUTPUT]->(:Artifact)<-[:OUTPUT]-(o:Execution)
WHERE coalesce(o.last_known_state, '') <> 'CACHED'
WITH e, min([coalesce(o.create_time_since_epoch, 9000000000000000), o.id])[1] AS original
RETURN e.id AS execution, e.type AS type, e.name AS name, original AS original_execution,
       e.create_time_since_epoch AS started
ORDER BY coalesce(started, -9000000000000000) DESC, execution DESC
