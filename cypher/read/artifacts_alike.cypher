// Which artifacts have the same digest, or lie at the same place?
//
// In one list of [id, origin, uri, bytes, sha256, md5, digest]; of each place at most so many, none where
// there is only one. ``several`` leaves out places of which one source tells (the beginning of an origin),
// as of a dataset with thousands of versions.
//
// @param places rows  of each place the ways to write it, or a digest alone, as the index holds them
// @param limit int  at most so many artifacts of each
// @param several bool  only what several sources tell of
// @returns value alike rows
UNWIND $places AS place
CALL (place) {
  UNWIND place AS key
  MATCH (n:Artifact {<key>: key})
  WITH n
  LIMIT $limit
  RETURN collect(n) AS members, count(DISTINCT left(coalesce(n.origin, ''), 20)) AS sources
}
WITH members, sources
WHERE size(members) > 1 AND (sources > 1 OR NOT $several)
UNWIND members AS n
RETURN collect([n.id, n.origin, n.uri, n.custom_bytes, n.sha256_key, n.md5_key, n.digest_key]) AS alike
