// Does import link artifacts that are the same? Not while linking is off, nor in a store without artifacts.
//
// @returns value linking bool
MATCH (s:Store)
RETURN NOT coalesce(s.linking_off, false) AND EXISTS { MATCH (:Artifact) } AS linking
