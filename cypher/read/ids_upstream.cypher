// Which nodes of a kind are upstream of a node, at any distance?
//
// The embedded engine visits each node once where the ids are gathered right behind the MATCH.
//
// @param id int  id of the node
// @returns value ids ids
MATCH (s:<source> {id: $id})<-[:<links>*1..]-(n:<target>)
RETURN collect(DISTINCT n.id) AS ids
