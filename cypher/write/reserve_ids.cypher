// Take the next ids of a sequence.
//
// The read stands on the right of the same SET, so the write lock is taken before it.
//
// @param name str  name of the sequence
// @param count int (1..)  how many ids
// @returns value next int
MATCH (s:Sequence {name: $name})
SET s.next = s.next + $count
RETURN s.next AS next
