// Which outside sources were read into this store, and how far?
//
// @returns value sources rows
MATCH (s:Source)
RETURN collect(properties(s)) AS sources
