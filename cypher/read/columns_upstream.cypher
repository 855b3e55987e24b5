// From which columns were the columns of these artifacts made?
//
// In one list of [id of what was read, id of what was made, properties of each link between the two]. They
// are gathered by their ends first: else the engines read the ends once for each of a thousand columns.
//
// @param ids ids  ids of the artifacts
// @returns value links rows
UNWIND $ids AS id
MATCH (t:Artifact {id: id})<-[e:COLUMN]-(s:Artifact)
WITH s, t, collect(properties(e)) AS links
RETURN collect([s.id, t.id, links]) AS links
