// From which columns of which artifacts were these columns of an artifact made?
//
// Of each column the number of its sources, and some of them: [id of the artifact, [column, kind] of some].
//
// @param id int  id of the artifact
// @param names ids  the columns
// @param limit int  at most so many artifacts of a column, and columns of each
// @returns rows name str, total int, sources rows
MATCH (t:Artifact {id: $id})<-[e:COLUMN]-(s:Artifact)
WHERE e.to_column IN $names
WITH e.to_column AS name, s, collect([e.from_column, e.kind]) AS links
WITH name, collect([s.id, links[..$limit]]) AS sources, sum(size(links)) AS total
RETURN name, total, sources[..$limit] AS sources
