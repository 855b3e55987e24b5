// Is what is the same left unlinked as it comes?
//
// @returns value off bool
MATCH (s:Store)
RETURN coalesce(s.linking_off, false) AS off
