// What a step is called: by its context, else by its task of Kubeflow Pipelines, else by its type.
//
// A dotted name is cut to its last part.
//
// @param execution  the execution
// @param called  what its context is called (step_name_of), null where it has none
coalesce(last(split(called, '.')),
         CASE WHEN execution.custom_task_name <> '' AND execution.custom_display_name <> '' THEN toString(execution.custom_display_name)
              WHEN execution.custom_task_name <> '' THEN toString(execution.custom_task_name) END,
         last(split(execution.type, '.')))
