// Delete links that the rule made: one batch a call, repeated until none is left.
//
// @param by rows   what the rule says its links are by
// @param limit int  at most so many at once
// @returns value deleted int
MATCH (:Artifact)-[e:SAME_AS]->(:Artifact)
WHERE e.by IN $by
WITH e
LIMIT $limit
DELETE e
RETURN count(e) AS deleted
