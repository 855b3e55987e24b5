// Which artifacts have the same digest, or lie at the same place?
//
// In one list of [id, origin, uri, bytes, sha256, md5, digest]; of each place at most ``limit``, none where
// there is only one. ``several`` leaves out places that only one source reports (the start of an origin),
// such as those of a dataset with thousands of versions.
//
// @param places rows  the spellings of each place, or one digest, as the index holds them
// @param limit int  at most so many artifacts of each
// @param several bool  only places that several sources report
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
