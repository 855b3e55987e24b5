// Which nodes have a name, an address or an external id that holds this text? The newest first.
//
// The range stands for itself: the embedded engine takes it from the index only then.
//
// @param text str  the text, in lower case
// @param low int  the least id
// @param high int  the greatest id
// @param limit int  at most so many
// @returns rows node rows
MATCH (n:<kind>)
WHERE n.id >= $low AND n.id <= $high
WITH n
WHERE toLower(n.name) CONTAINS $text OR toLower(n.uri) CONTAINS $text OR toLower(n.external_id) CONTAINS $text
WITH n
ORDER BY n.id DESC
LIMIT $limit
RETURN properties(n) AS node
