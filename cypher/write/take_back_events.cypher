// Delete events between an artifact and an execution.
//
// All are found before the first is deleted: the embedded engine fails on deleted relationships.
//
// @param rows rows  id of the node the event begins at, id of the node it ends at
// @returns none
UNWIND $rows AS row
MATCH (:<source> {id: row[0]})-[e:<link>]->(:<target> {id: row[1]})
WITH collect(DISTINCT e) AS events
UNWIND events AS e
DELETE e
