// Which artifacts were made or changed since this moment?
//
// Newest change first.
//
// @param since datetime  from this moment on
// @param type  str ?  only artifacts of this type
// @param skip  int = 0 (0..10000000)  leave out the first so many artifacts
// @param limit int = 500 (1..1000)  at most so many artifacts
// @returns rows artifact int, type str, name str, uri str, state str, change str, changed datetime
// @tags artifacts, time
MATCH (a:Artifact)
WHERE a.last_update_time_since_epoch >= $since AND ($type IS NULL OR a.type = $type)
RETURN a.id AS artifact, a.type AS type, a.name AS name, a.uri AS uri, a.state AS state,
       CASE WHEN a.create_time_since_epoch >= $since THEN 'made' ELSE 'changed' END AS change,
       a.last_update_time_since_epoch AS changed
ORDER BY changed DESC, artifact DESC
SKIP $skip
LIMIT $limit
