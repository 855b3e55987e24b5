// Which indexes does the database have?
//
// @returns rows labels rows, properties rows
SHOW INDEXES YIELD labelsOrTypes, properties
RETURN labelsOrTypes AS labels, properties
