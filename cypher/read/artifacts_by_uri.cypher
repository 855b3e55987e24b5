// Artifacts by their URI.
//
// The index holds a short form of the URI, so the URI itself is compared too.
//
// @param key str  the URI as the index holds it
// @param uri str  the URI
// @returns rows node rows
MATCH (n:Artifact {uri_key: $key})
WHERE n.uri = $uri
RETURN properties(n) AS node
