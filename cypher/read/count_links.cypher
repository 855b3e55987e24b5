// How many links of some types are there?
//
// @returns value count int
MATCH (:<source>)-[e:<links>]->(:<target>)
RETURN count(e) AS count
