// A pipeline whose runs are found by the executions that both have, for the store does not say which they are.
//
// TFX before 1.0 does not tell which runs a pipeline has.
//
// @param pipeline  a context
pipeline.type = 'pipeline'
  AND (NOT EXISTS { (pipeline)<-[:CHILD_OF]-(:Context) } OR EXISTS { (:ContextType {name: 'component_run'}) })
