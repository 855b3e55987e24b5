"""Cases of questions about pipelines, runs and the whole store."""

from __future__ import annotations

from tests.questions.case import SMALL, Case, graph, rows

CASES: dict[str, list[Case]] = {
    "artifacts_of_context": [
        Case(
            {"context": 2},
            rows(
                "artifact type state created",
                (4, "ExampleStatistics", "LIVE", 1795426828691),
                (3, "Schema", "LIVE", 1795426824142),
                (2, "Examples", "LIVE", 1795426824105),
                (1, "Examples", "LIVE", 1795426821210),
            ),
        ),
        Case(
            {"context": 26, "type": "Model"},
            rows(
                "artifact type state created",
                (29, "Model", "LIVE", 1795427087910),
                (14, "Model", "LIVE", 1795426927662),
            ),
        ),
    ],
    "artifacts_of_pipeline": [
        Case(
            {"context": 1, "type": "Model"},
            rows(
                "artifact type contexts last_context created",
                (54, "Model", 2, 38, 1795427316801),
                (29, "Model", 4, 38, 1795427087910),
                (14, "Model", 3, 26, 1795426927662),
            ),
        )
    ],
    "children_of_context": [
        Case(
            {"context": 1},
            rows(
                "child_context type name created",
                (38, "pipeline_run", "2026-11-23T09:47:21.279170", 1795427241292),
                (32, "pipeline_run", "2026-11-23T09:45:36.429456", 1795427136435),
                (26, "pipeline_run", "2026-11-23T09:43:38.626512", 1795427018636),
                (15, "pipeline_run", "2026-11-23T09:41:22.575698", 1795426882588),
                (2, "pipeline_run", "2026-11-23T09:40:18.249238", 1795426818271),
            ),
        )
    ],
    "contexts_of_artifact": [
        Case(
            {"artifact": 10},
            rows(
                "context type name created",
                (1, "pipeline", "penguin_local_keras", 1795426818267),
                (13, "node", "penguin_local_keras.Transform", 1795426828696),
                (
                    14,
                    "execution_cache",
                    "7fc5737c1d4428bddb10782b6e84636daeef70b78a12fa4f604cb66e83919bdb",
                    1795426828712,
                ),
                (15, "pipeline_run", "2026-11-23T09:41:22.575698", 1795426882588),
                (18, "node", "penguin_local_keras.Trainer", 1795426903030),
            ),
        )
    ],
    "counts_by_state": [
        Case({}, rows("state executions", ("COMPLETE", 31), ("CACHED", 16), ("FAILED", 4))),
        Case(
            {"context": 15}, rows("state executions", ("COMPLETE", 7), ("CACHED", 4), ("FAILED", 1))
        ),
    ],
    "counts_by_type": [
        Case(
            {},
            rows(
                "kind type nodes",
                ("artifact", "Schema", 10),
                ("artifact", "ExampleStatistics", 9),
                ("artifact", "Examples", 6),
                ("artifact", "ExampleAnomalies", 5),
                ("artifact", "TransformCache", 4),
                ("artifact", "TransformGraph", 4),
                ("artifact", "InferenceResult", 3),
                ("artifact", "Model", 3),
                ("artifact", "ModelBlessing", 3),
                ("artifact", "ModelEvaluation", 3),
                ("artifact", "ModelRun", 3),
                ("artifact", "PushedModel", 3),
                ("artifact", "HyperParameters", 1),
                ("artifact", "TunerResults", 1),
                ("context", "execution_cache", 24),
                ("context", "node", 14),
                ("context", "pipeline_run", 5),
                ("context", "pipeline", 1),
                (
                    "execution",
                    "tfx.components.example_gen.csv_example_gen.component.CsvExampleGen",
                    10,
                ),
                ("execution", "tfx.dsl.components.common.resolver.Resolver", 10),
                ("execution", "tfx.components.statistics_gen.component.StatisticsGen", 5),
                ("execution", "tfx.components.transform.component.Transform", 5),
                ("execution", "tfx.components.bulk_inferrer.component.BulkInferrer", 3),
                ("execution", "tfx.components.evaluator.component.Evaluator", 3),
                ("execution", "tfx.components.pusher.component.Pusher", 3),
                (
                    "execution",
                    "tfx.components.schema_gen.import_schema_gen.component.ImportSchemaGen",
                    3,
                ),
                ("execution", "tfx.components.trainer.component.Trainer", 3),
                ("execution", "tfx.components.example_validator.component.ExampleValidator", 2),
                ("execution", "tfx.components.schema_gen.component.SchemaGen", 2),
                ("execution", "tfx.components.tuner.component.Tuner", 2),
            ),
        )
    ],
    "made_in_run": [
        Case(
            {"context": 26, "type": "Model"},
            rows("artifact type execution time", (29, "Model", 28, 1795427087910)),
        ),
        Case(
            {"context": 2},
            rows(
                "artifact type execution",
                (1, "Examples", 1),
                (2, "Examples", 2),
                (3, "Schema", 3),
                (4, "ExampleStatistics", 6),
            ),
        ),
    ],
    "models_trained_in_run": [
        Case(
            {"context": 26}, rows("artifact type execution time", (29, "Model", 28, 1795427087910))
        )
    ],
    "parents_of_context": [
        Case(
            {"context": 2},
            rows(
                "parent_context type name created",
                (1, "pipeline", "penguin_local_keras", 1795426818267),
            ),
        )
    ],
    "pipelines": [
        Case(
            {},
            rows(
                "context type name runs last_run_context last_run",
                (1, "pipeline", "penguin_local_keras", 5, 38, 1795427241292),
            ),
        )
    ],
    "run_as_graph": [
        Case(
            {"context": 2},
            graph(
                "artifact/1 artifact/2 artifact/3 artifact/4 execution/1 execution/2 execution/3 execution/4 execution/5 execution/6 execution/7",
                7,
            ),
        )
    ],
    "runs_of_artifact": [
        Case(
            {"artifact": 14},
            rows(
                "context name reads writes started",
                (26, "2026-11-23T09:43:38.626512", 1, 1, 1795427018636),
                (15, "2026-11-23T09:41:22.575698", 3, 1, 1795426882588),
            ),
        ),
        Case(
            {"artifact": 14, "direction": "input"},
            rows("context reads writes", (26, 1, 1), (15, 3, 1)),
        ),
        Case(
            {"artifact": 14, "direction": "output"},
            rows("context reads writes", (26, 1, 1), (15, 3, 1)),
        ),
    ],
    "completed_run_before": [
        Case({"context": 38}, rows("context name", (26, "2026-11-23T09:43:38.626512"))),
        Case({"context": 26}, rows("context name", (15, "2026-11-23T09:41:22.575698"))),
        Case({"context": 15}, rows("context name")),
        Case({"context": 3}, rows("context name", (2, "one")), SMALL),
    ],
    "runs_of_pipeline": [
        Case(
            {"context": 1},
            rows(
                "context name state executions failed cached started ended duration",
                (
                    38,
                    "2026-11-23T09:47:21.279170",
                    "COMPLETE",
                    12,
                    0,
                    4,
                    1795427241302,
                    1795427325966,
                    84664,
                ),
                (
                    32,
                    "2026-11-23T09:45:36.429456",
                    "FAILED",
                    8,
                    1,
                    3,
                    1795427136444,
                    1795427160022,
                    23578,
                ),
                (
                    26,
                    "2026-11-23T09:43:38.626512",
                    "COMPLETE",
                    12,
                    0,
                    5,
                    1795427018661,
                    1795427097931,
                    79270,
                ),
                (
                    15,
                    "2026-11-23T09:41:22.575698",
                    "COMPLETE",  # but for a resolver
                    12,
                    1,
                    4,
                    1795426882596,
                    1795426935599,
                    53003,
                ),
                (
                    2,
                    "2026-11-23T09:40:18.249238",
                    "FAILED",
                    7,
                    2,
                    0,
                    1795426818285,
                    1795426830164,
                    11879,
                ),
            ),
        ),
        Case(
            {"context": 1},
            rows(
                "context state executions failed cached",
                (3, "FAILED", 2, 1, 0),
                (2, "COMPLETE", 1, 0, 0),
            ),
            SMALL,
        ),
    ],
}
