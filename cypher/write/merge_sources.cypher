// Note how far outside sources were read.
//
// @param rows rows  everything that is known of each source
// @returns none
UNWIND $rows AS row
MERGE (s:Source {key: row.key})
SET s = row
