// Give back ids that were reserved and not used.
//
// Only where nobody has reserved any since. The first SET takes the write lock.
//
// @param name str  name of the sequence
// @param first int  first unused id
// @param next int  what the sequence must still stand at
// @returns none
MATCH (s:Sequence {name: $name})
SET s.next = s.next + 0
WITH s
WHERE s.next = $next
SET s.next = $first
