// The keys of all links of some types that end at these nodes.
//
// The other ends are not read: each may hold thousands of columns, and the embedded engine reads
// all of them once for each link.
//
// @param ids ids  ids of the nodes
// @returns value keys rows
MATCH (t:<target>)
WHERE t.id IN $ids
MATCH (t)<-[e:<links>]-()
RETURN collect(e.key) AS keys
