// Which artifacts are stored twice?
//
// Groups of artifacts of one type with the same URI, or with the same digest of their content
// (a property named digest, content_digest, sha256, checksum or input_fingerprint).
//
// @param by    str = uri (uri|digest)  what makes two artifacts the same
// @param skip  int = 0 (0..10000000)  leave out the first so many groups
// @param limit int = 100 (1..1000)  at most so many groups
// @returns rows type str, same str, copies int, artifacts ids, oldest_artifact int
// @tags artifacts, housekeeping
MATCH (a:Artifact)
WITH a, CASE $by
    WHEN 'uri' THEN a.uri
    ELSE toString(coalesce(a.digest, a.custom_digest, a.content_digest, a.custom_content_digest,
                           a.sha256, a.custom_sha256, a.checksum, a.custom_checksum,
                           a.input_fingerprint, a.custom_input_fingerprint))
  END AS mark
WHERE mark IS NOT NULL
WITH a.type AS type, mark AS same, a.id AS member, a.create_time_since_epoch AS created
ORDER BY created, member
WITH type, same, collect(member) AS artifacts
WHERE size(artifacts) > 1
RETURN type, same, size(artifacts) AS copies, artifacts, artifacts[0] AS oldest_artifact
ORDER BY copies DESC, oldest_artifact
SKIP $skip
LIMIT $limit
