// How many links of each type are there? Neo4j looks each up in what it keeps count of.
//
// @engine neo4j
// @returns value counts rows
RETURN {
  INPUT: COUNT { ()-[:INPUT]->() },
  DECLARED_INPUT: COUNT { ()-[:DECLARED_INPUT]->() },
  INTERNAL_INPUT: COUNT { ()-[:INTERNAL_INPUT]->() },
  OUTPUT: COUNT { ()-[:OUTPUT]->() },
  DECLARED_OUTPUT: COUNT { ()-[:DECLARED_OUTPUT]->() },
  INTERNAL_OUTPUT: COUNT { ()-[:INTERNAL_OUTPUT]->() },
  PENDING_OUTPUT: COUNT { ()-[:PENDING_OUTPUT]->() },
  ATTRIBUTED_TO: COUNT { ()-[:ATTRIBUTED_TO]->() },
  ASSOCIATED_WITH: COUNT { ()-[:ASSOCIATED_WITH]->() },
  CHILD_OF: COUNT { ()-[:CHILD_OF]->() },
  SAME_AS: COUNT { ()-[:SAME_AS]->() },
  COLUMN: COUNT { ()-[:COLUMN]->() }
} AS counts
