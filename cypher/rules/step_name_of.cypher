// What a step's context is called: the id of the component, else its name.
//
// In Python: Context.step_name.
//
// @param context  the context, one for which is_step_context holds
coalesce(context.component_id, context.name)
