// How many links of each type are there? What the embedded engine keeps count of.
//
// @engine embedded
// @returns value counts rows
CALL meta.stats() YIELD value
RETURN value.relTypes AS counts
