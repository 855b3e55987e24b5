// Record whether import links artifacts that are the same.
//
// @param off bool  true: linking is off
// @returns none
MATCH (s:Store)
SET s.linking_off = $off
