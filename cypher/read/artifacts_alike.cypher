// Which artifacts have one of these digests, or one of these URIs?
//
// In one list of [id, origin, uri, bytes, sha256, md5, digest]; of each key at most so many.
//
// @param keys rows  digests or URIs as the index holds them
// @param limit int  at most so many artifacts of each
// @returns value alike rows
UNWIND $keys AS key
CALL (key) {
  MATCH (n:Artifact {<key>: key})
  RETURN n
  LIMIT $limit
}
RETURN collect([n.id, n.origin, n.uri, n.custom_bytes, n.sha256_key, n.md5_key, n.digest_key]) AS alike
