// Finds contexts by their type.
//
// @returns none
CREATE INDEX context_type IF NOT EXISTS FOR (n:Context) ON (n.type)
