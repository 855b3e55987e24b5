// Let one writer at a time change which contexts are part of which.
//
// Two racing links could otherwise close a circle neither of them sees.
//
// @returns none
MATCH (s:Store)
SET s.parents_changed = coalesce(s.parents_changed, 0) + 1
