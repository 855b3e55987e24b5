// Delete links of a type between artifacts.
//
// All are found before the first is deleted: the embedded engine fails on deleted relationships.
//
// @param rows rows  id of the source, id of the target, key of the link
// @returns none
UNWIND $rows AS row
MATCH (:Artifact {id: row[0]})-[e:<link> {key: row[2]}]->(:Artifact {id: row[1]})
WITH collect(DISTINCT e) AS links
UNWIND links AS e
DELETE e
