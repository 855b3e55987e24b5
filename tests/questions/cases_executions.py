"""Cases of questions about executions."""

from __future__ import annotations

from tests.questions.case import SMALL, Case, rows

CASES: dict[str, list[Case]] = {
    "cached_executions": [
        Case(
            {"context": 15},
            rows(
                "execution original_execution started",
                (13, 6, 1795426882717),
                (10, 3, 1795426882671),
                (9, 2, 1795426882638),
                (8, 1, 1795426882596),
            ),
        )
    ],
    "contexts_of_execution": [
        Case(
            {"execution": 7},
            rows(
                "context type name created",
                (1, "pipeline", "penguin_local_keras", 1795426818267),
                (2, "pipeline_run", "2026-11-23T09:40:18.249238", 1795426818271),
                (13, "node", "penguin_local_keras.Transform", 1795426828696),
                (
                    14,
                    "execution_cache",
                    "7fc5737c1d4428bddb10782b6e84636daeef70b78a12fa4f604cb66e83919bdb",
                    1795426828712,
                ),
            ),
        )
    ],
    "executions_of_run": [
        Case(
            {"context": 2},
            rows(
                "execution step state started ended duration",
                (1, "CsvExampleGen", "COMPLETE", 1795426818285, 1795426821210, 2925),
                (2, "CsvExampleGen_Unlabelled", "COMPLETE", 1795426821220, 1795426824105, 2885),
                (3, "ImportSchemaGen", "COMPLETE", 1795426824118, 1795426824143, 25),
                (4, "latest_blessed_model_resolver", "COMPLETE", 1795426824157, 1795426824159, 2),
                (5, "transform_cache_resolver", "FAILED", 1795426824171, 1795426824173, 2),
                (6, "StatisticsGen", "COMPLETE", 1795426824189, 1795426828691, 4502),
                (7, "Transform", "FAILED", 1795426828705, 1795426830164, 1459),
            ),
        ),
        Case(
            {"context": 3},
            rows(
                "execution step state started ended duration",
                (2, "Train", "FAILED", 2000, 2400, 400),
                (4, "Train", "RUNNING", 4000, None, None),
            ),
            SMALL,
        ),
    ],
    "executions_since": [
        Case(
            {"since": "2026-11-23T09:48:39.537Z"},
            rows(
                "execution state started",
                (51, "COMPLETE", 1795427325927),
                (50, "COMPLETE", 1795427319557),
            ),
        )
    ],
    "executions_with_property": [
        Case(
            {"property": "epochs"},
            rows(
                "execution type state value",
                (2, "Train", "FAILED", "7"),
                (1, "Train", "COMPLETE", "5"),
            ),
            SMALL,
        ),
        Case(
            {"property": "train_args", "value": '{\n  "num_steps": 20\n}'},
            rows(
                "execution state value started",
                (47, "COMPLETE", '{\n  "num_steps": 20\n}', 1795427265582),
                (39, "FAILED", '{\n  "num_steps": 20\n}', 1795427156536),
            ),
        ),
    ],
    "failed_executions": [
        Case(
            {},
            rows(
                "execution run_context started ended",
                (39, 32, 1795427156536, 1795427160022),
                (12, 15, 1795426882702, 1795426882704),
                (7, 2, 1795426828705, 1795426830164),
                (5, 2, 1795426824171, 1795426824173),
            ),
        ),
        Case({"context": 2}, rows("execution", (7,), (5,))),
        Case(
            {},
            rows(
                "execution type run_context error",
                (3, "Serve", None, None),
                (2, "Train", 3, "out of disk"),
            ),
            SMALL,
        ),
    ],
    "failed_runs": [
        Case(
            {},
            rows(
                "context name pipeline_context failed execution step time",
                (32, "2026-11-23T09:45:36.429456", 1, 1, 39, "Tuner", 1795427160022),
                (2, "2026-11-23T09:40:18.249238", 1, 1, 7, "Transform", 1795426830164),
            ),
        )
    ],
    "inputs_and_outputs": [
        Case(
            {"execution": 28},
            rows(
                "direction artifact type argument event time",
                ("input", 20, "Examples", '["examples", 0]', "INPUT", 1795427046746),
                ("input", 3, "Schema", '["schema", 0]', "INPUT", 1795427046746),
                ("input", 22, "TransformGraph", '["transform_graph", 0]', "INPUT", 1795427046746),
                ("output", 29, "Model", '["model", 0]', "OUTPUT", 1795427087910),
                ("output", 28, "ModelRun", '["model_run", 0]', "OUTPUT", 1795427087910),
            ),
        ),
        Case(
            {"execution": 23},
            rows(
                "direction artifact type argument event",
                ("output", 14, "Model", '["model", 0]', "INTERNAL_OUTPUT"),
                ("output", 18, "ModelBlessing", '["model_blessing", 0]', "INTERNAL_OUTPUT"),
            ),
        ),
    ],
    "running_executions": [
        Case({}, rows("execution type state started", (4, "Train", "RUNNING", 4000)), SMALL)
    ],
    "slowest_executions": [
        Case(
            {"limit": 3},
            rows(
                "execution state started duration",
                (28, "COMPLETE", 1795427046746, 41164),
                (47, "COMPLETE", 1795427265582, 37400),
                (26, "COMPLETE", 1795427018836, 27808),
            ),
        )
    ],
}
