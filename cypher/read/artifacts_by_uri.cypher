// Artifacts by their URIs.
//
// The index holds a short form of the URI, so the URIs themselves must be compared as well.
//
// @param keys rows  URIs as the index holds them
// @returns value nodes rows
UNWIND $keys AS key
MATCH (n:Artifact {uri_key: key})
RETURN collect(properties(n)) AS nodes
