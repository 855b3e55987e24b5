// What tells links of some types from each other, of all those that end at these nodes.
//
// Nothing is read of the other ends: each may hold thousands of columns, and the embedded engine reads
// all of them once for each link.
//
// @param ids ids  ids of the nodes
// @returns value keys rows
MATCH (t:<target>)
WHERE t.id IN $ids
MATCH (t)<-[e:<links>]-()
RETURN collect(e.key) AS keys
