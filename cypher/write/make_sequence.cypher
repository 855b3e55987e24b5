// Begin a sequence of ids at 1, once.
//
// @param name str  name of the sequence
// @returns value next int
MERGE (s:Sequence {name: $name})
ON CREATE SET s.next = 1
RETURN s.next AS next
