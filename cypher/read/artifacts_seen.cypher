// Which fields identify these artifacts?
//
// In one list of [id, origin, uri, bytes, sha256, md5, digest].
//
// @param ids ids  ids of the artifacts
// @returns value seen rows
UNWIND $ids AS one
MATCH (n:Artifact {id: one})
RETURN collect([n.id, n.origin, n.uri, n.custom_bytes, n.sha256_key, n.md5_key, n.digest_key]) AS seen
