// All versions of datasets of OpenLineage, by their origins.
//
// @param origins rows  origins of the datasets' contexts
// @returns rows dataset str, versions rows
UNWIND $origins AS origin
MATCH (:Context {origin: origin})<-[:ATTRIBUTED_TO]-(a:Artifact)
RETURN origin AS dataset, collect(a.origin) AS versions
