// Is what is the same linked as it comes? Not where that is held, nor where nothing is stored to be the same as.
//
// @returns value linking bool
MATCH (s:Store)
RETURN NOT coalesce(s.linking_off, false) AND EXISTS { MATCH (:Artifact) } AS linking
