// The nodes with these ids of the database's own.
//
// Relationships in an answer name their ends by them.
//
// @param elements rows  element ids
// @returns rows element str, labels rows, node rows
MATCH (n)
WHERE elementId(n) IN $elements
RETURN elementId(n) AS element, labels(n) AS labels, properties(n) AS node
