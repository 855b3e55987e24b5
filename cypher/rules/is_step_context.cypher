// A step of a pipeline: a context that stands for one step over all runs, or in one run.
//
// "node" of TFX, DVC and the recorder, "component_run" of TFX before 1.0. In Python: Context.is_step.
//
// @param context  the context
context.type IN ['node', 'component_run']
