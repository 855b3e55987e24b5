// Which nodes have a property whose value holds this text? The newest first.
//
// @param text str  the text, in lower case
// @param low int  the least id
// @param high int  the greatest id
// @param others ids  names of what is no property, but a field
// @param limit int  at most so many
// @returns rows node rows, keys rows
MATCH (n:<kind>)
WHERE n.id >= $low AND n.id <= $high
WITH n
WHERE any(key IN keys(n) WHERE NOT key IN $others AND toLower(toString(n[key])) CONTAINS $text)
WITH n
ORDER BY n.id DESC
LIMIT $limit
RETURN properties(n) AS node,
       [key IN keys(n) WHERE NOT key IN $others AND toLower(toString(n[key])) CONTAINS $text] AS keys
