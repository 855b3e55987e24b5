// What are the columns of an artifact called that were made from others? A page of them, and how many there are.
//
// Only links are read: an artifact of many columns may be large itself.
//
// @param id int  id of the artifact
// @param text str  in the name, in lower case; empty for any
// @param skip int  leave out so many
// @param limit int  at most so many
// @returns rows total int, names rows
MATCH (t:Artifact {id: $id})<-[e:COLUMN]-()
WITH DISTINCT e.to_column AS name
WHERE $text = '' OR toLower(name) CONTAINS $text
WITH name
ORDER BY name
WITH collect(name) AS names
RETURN size(names) AS total, names[$skip..$skip + $limit] AS names
