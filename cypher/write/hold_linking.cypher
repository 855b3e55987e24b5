// Note whether what is the same is linked as it comes.
//
// @param off bool  whether it is not
// @returns none
MATCH (s:Store)
SET s.linking_off = $off
