// A run: a context whose type's name contains "run", and that is no step.
//
// A context of type "component_run" (TFX before 1.0) is a step of one run. In Python: Context.is_run.
//
// @param context  the context
toLower(context.type) CONTAINS 'run' AND context.type <> 'component_run'
