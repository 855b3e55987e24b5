// Make a sequence go on behind ids that came from elsewhere.
//
// @param name str  name of the sequence
// @param next int  least id the sequence may give next
// @returns none
MATCH (s:Sequence {name: $name})
SET s.next = s.next + 0
WITH s
WHERE s.next < $next
SET s.next = $next
