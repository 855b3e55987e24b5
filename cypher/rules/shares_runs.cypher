// A pipeline without links to its runs: they are found by the executions that both have.
//
// TFX before 1.0 does not record which runs a pipeline has.
//
// @param pipeline  a context
pipeline.type = 'pipeline'
  AND (NOT EXISTS { (pipeline)<-[:CHILD_OF]-(:Context) } OR EXISTS { (:ContextType {name: 'component_run'}) })
