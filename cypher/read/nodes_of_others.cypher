// How many of the next nodes, in the order of their ids, are not copies from one source under its own ids?
//
// @param origin str  what the origin of such a copy begins with; its id follows
// @param after int  begin behind this id
// @param limit int  look at so many
// @returns rows others int, last int
MATCH (n:<kind>)
WHERE n.id > $after
WITH n ORDER BY n.id LIMIT $limit
RETURN sum(CASE WHEN n.origin = $origin + toString(n.id) THEN 0 ELSE 1 END) AS others,
       max(n.id) AS last
