// Which constraints does the database have?
//
// @returns rows labels rows, properties rows
SHOW CONSTRAINTS YIELD labelsOrTypes, properties
RETURN labelsOrTypes AS labels, properties
