"""One case at least for each question: what is asked, of which data, and the whole answer.

What is expected of the real pipeline was read from its file; ``test_cases.py`` reads it there again,
with SQL and networkx and without the code under test.
"""

from __future__ import annotations

from typing import Any, NamedTuple

TFX, SMALL = "tfx", "small"


class Expected(NamedTuple):
    """Rows of some columns; of a graph: its nodes, and how many events it has."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Case(NamedTuple):
    """A question's values, what it must answer, and the data it is asked of."""

    values: dict[str, Any]
    expected: Expected
    data: str = TFX


def rows(columns: str, *found: tuple[Any, ...]) -> Expected:
    """Rows, in order."""
    return Expected(tuple(columns.split()), list(found))


def graph(nodes: str, events: int) -> Expected:
    """A graph of these nodes and so many events."""
    return Expected(("nodes", "events"), [(nodes, events)])


CASES: dict[str, list[Case]] = {
    "artifacts_changed_since": [
        Case(
            {"since": 1795427316802},
            rows(
                "artifact type change changed",
                (58, "PushedModel", "made", 1795427325966),
                (57, "ModelBlessing", "made", 1795427325913),
                (56, "ModelEvaluation", "made", 1795427325913),
                (55, "InferenceResult", "made", 1795427319536),
            ),
        )
    ],
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
    "artifacts_without_producer": [
        Case(
            {},
            rows(
                "artifact type uri",
                (1, "Table", "s3://a"),
                (2, "Table", "s3://b"),
                (4, "Model", "s3://m"),
            ),
            SMALL,
        )
    ],
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
    "common_ancestors": [
        Case(
            {"one_artifact": 14, "other_artifact": 29},
            rows(
                "artifact execution hops_from_one hops_from_other nearest",
                (3, None, 2, 2, False),
                (None, 3, 3, 3, False),
                (None, 10, 3, 3, False),
                (None, 22, 3, 3, False),
                (1, None, 4, 4, False),
                (None, 14, 3, 5, True),
                (None, 1, 5, 5, False),
                (None, 8, 5, 5, False),
                (None, 20, 5, 5, False),
                (None, 32, 5, 5, False),
                (None, 40, 5, 5, False),
            ),
        )
    ],
    "compare_artifacts": [
        Case(
            {"one_artifact": 18, "other_artifact": 32},
            rows(
                "part name same",
                ("field", "uri", False),
                ("custom property", "current_model", False),
                ("custom property", "current_model_id", False),
                ("custom property", "baseline_model", False),
                ("custom property", "baseline_model_id", False),
            ),
        ),
        Case(
            {"one_artifact": 3, "other_artifact": 4, "all": True},
            rows(
                "part name one other same",
                ("field", "type", "Model", "Model", True),
                ("field", "name", None, None, True),
                ("field", "external_id", None, None, True),
                ("field", "uri", "s3://m", "s3://m", True),
                ("field", "state", "UNKNOWN", "UNKNOWN", True),
                ("custom property", "deployed", True, None, False),
                ("custom property", "accuracy", None, 0.5, False),
            ),
            SMALL,
        ),
    ],
    "compare_runs": [
        Case(
            {"one_context": 2, "other_context": 3},
            rows(
                "part step name one other same",
                ("state", "Train", "state", "COMPLETE", "FAILED", False),
                ("state", "Train #2", "state", None, "RUNNING", False),
                ("parameter", "Train", "epochs", 5, 7, False),
                ("parameter", "Train", "error_message", None, "out of disk", False),
                ("input", "Train", "Table", "artifact/1", "artifact/2", False),
                ("input", "Train #2", "Table", None, "artifact/1", False),
                ("output", "Train", "Model", "artifact/3", "artifact/5", False),
                ("metric", "Train", "Model.deployed", True, None, False),
            ),
            SMALL,
        ),
        Case(
            {"one_context": 15, "other_context": 26},
            rows(
                "part step name one other",
                ("state", "transform_cache_resolver", "state", "FAILED", "COMPLETE"),
                ("state", "ExampleValidator", "state", "COMPLETE", "CACHED"),
                ("input", "Trainer", "transform_graph/0", "artifact/10", "artifact/22"),
                ("input", "Trainer", "examples/0", "artifact/11", "artifact/20"),
                ("input", "BulkInferrer", "model/0", "artifact/14", "artifact/29"),
                ("input", "Evaluator", "model/0", "artifact/14", "artifact/29"),
                ("input", "Pusher", "model/0", "artifact/14", "artifact/29"),
                ("input", "Pusher", "_Evaluator.blessing/0", "artifact/18", "artifact/32"),
                ("input", "Transform", "analyzer_cache/0", None, "artifact/12"),
                ("input", "Evaluator", "baseline_model/0", None, "artifact/14"),
                ("output", "Transform", "post_transform_stats/0", "artifact/5", "artifact/23"),
                ("output", "Transform", "pre_transform_stats/0", "artifact/6", "artifact/26"),
                ("output", "Transform", "post_transform_anomalies/0", "artifact/7", "artifact/25"),
                ("output", "Transform", "post_transform_schema/0", "artifact/8", "artifact/27"),
                ("output", "Transform", "pre_transform_schema/0", "artifact/9", "artifact/24"),
                ("output", "Transform", "transform_graph/0", "artifact/10", "artifact/22"),
                ("output", "Transform", "transformed_examples/0", "artifact/11", "artifact/20"),
                ("output", "Transform", "updated_analyzer_cache/0", "artifact/12", "artifact/21"),
                ("output", "Trainer", "model/0", "artifact/14", "artifact/29"),
                ("output", "Trainer", "model_run/0", "artifact/15", "artifact/28"),
                ("output", "BulkInferrer", "inference_result/0", "artifact/16", "artifact/30"),
                ("output", "Evaluator", "evaluation/0", "artifact/17", "artifact/31"),
                ("output", "Evaluator", "blessing/0", "artifact/18", "artifact/32"),
                ("output", "Pusher", "pushed_model/0", "artifact/19", "artifact/33"),
                ("output", "latest_blessed_model_resolver", "model/0", None, "artifact/14"),
                (
                    "output",
                    "latest_blessed_model_resolver",
                    "model_blessing/0",
                    None,
                    "artifact/18",
                ),
                ("output", "transform_cache_resolver", "cache/0", None, "artifact/12"),
                ("metric", "latest_blessed_model_resolver", "model_blessing/0.blessed", None, 1),
            ),
        ),
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
    "critical_path": [
        Case(
            {"context": 38},
            rows(
                "position execution state started wait duration",
                (1, 40, "CACHED", 1795427241302, None, 11),
                (2, 44, "CACHED", 1795427241387, 74, 10),
                (3, 45, "CACHED", 1795427241410, 13, 10),
                (4, 46, "COMPLETE", 1795427241441, 21, 24077),
                (5, 47, "COMPLETE", 1795427265582, 64, 37400),
                (6, 48, "COMPLETE", 1795427303014, 32, 13789),
                (7, 50, "COMPLETE", 1795427319557, 2754, 6356),
                (8, 51, "COMPLETE", 1795427325927, 14, 39),
            ),
        )
    ],
    "deployed_from_artifact": [
        Case(
            {"artifact": 1},
            rows(
                "artifact type hops",
                (19, "PushedModel", 4),
                (33, "PushedModel", 4),
                (58, "PushedModel", 4),
            ),
        ),
        Case({"artifact": 1}, rows("artifact type hops", (3, "Model", 2)), SMALL),
    ],
    "deployments": [
        Case(
            {},
            rows(
                "artifact execution state model_artifact time",
                (58, 51, "COMPLETE", 54, 1795427325966),
                (33, 31, "COMPLETE", 29, 1795427097931),
                (19, 19, "COMPLETE", 14, 1795426935599),
            ),
        )
    ],
    "duplicate_artifacts": [
        Case(
            {},
            rows("type same copies artifacts oldest_artifact", ("Model", "s3://m", 2, [3, 4], 3)),
            SMALL,
        ),
        Case(
            {"by": "digest"},
            rows("type same copies artifacts oldest_artifact", ("Table", "d1", 2, [1, 2], 1)),
            SMALL,
        ),
    ],
    "evaluations_of_model": [
        Case(
            {"artifact": 14},
            rows(
                "evaluation_artifact type execution state time",
                (17, "ModelEvaluation", 18, "COMPLETE", 1795426935543),
                (18, "ModelBlessing", 18, "COMPLETE", 1795426935543),
                (31, "ModelEvaluation", 30, "COMPLETE", 1795427097833),
                (32, "ModelBlessing", 30, "COMPLETE", 1795427097833),
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
    "failed_after": [
        Case(
            {"execution": 5},
            rows("execution state how started", (7, "FAILED", "later in the run", 1795426828705)),
        ),
        Case(
            {"execution": 2},
            rows("execution type state how", (3, "Serve", "FAILED", "downstream")),
            SMALL,
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
                (
                    15,
                    "2026-11-23T09:41:22.575698",
                    1,
                    1,
                    12,
                    "transform_cache_resolver",
                    1795426882704,
                ),
                (2, "2026-11-23T09:40:18.249238", 1, 2, 7, "Transform", 1795426830164),
            ),
        )
    ],
    "impact_of_artifact": [
        Case(
            {"artifact": 29},
            rows(
                "artifact execution type state hops",
                (None, 29, "tfx.components.bulk_inferrer.component.BulkInferrer", "COMPLETE", 1),
                (None, 30, "tfx.components.evaluator.component.Evaluator", "COMPLETE", 1),
                (None, 31, "tfx.components.pusher.component.Pusher", "COMPLETE", 1),
                (None, 50, "tfx.components.evaluator.component.Evaluator", "COMPLETE", 1),
                (30, None, "InferenceResult", "LIVE", 2),
                (31, None, "ModelEvaluation", "LIVE", 2),
                (32, None, "ModelBlessing", "LIVE", 2),
                (33, None, "PushedModel", "LIVE", 2),
                (56, None, "ModelEvaluation", "LIVE", 2),
                (57, None, "ModelBlessing", "LIVE", 2),
                (None, 51, "tfx.components.pusher.component.Pusher", "COMPLETE", 3),
                (58, None, "PushedModel", "LIVE", 4),
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
    "latest_artifacts": [
        Case(
            {"type": "Model", "limit": 2},
            rows(
                "artifact state created", (54, "LIVE", 1795427316801), (29, "LIVE", 1795427087910)
            ),
        ),
        Case({"type": "Model", "context": 15}, rows("artifact", (14,))),
    ],
    "lineage_of_artifact": [
        Case(
            {"artifact": 14},
            graph(
                "artifact/1 artifact/3 artifact/10 artifact/11 artifact/14 artifact/16 artifact/17 artifact/18 artifact/19 artifact/31 artifact/32 artifact/33 execution/1 execution/3 execution/8 execution/10 execution/14 execution/16 execution/17 execution/18 execution/19 execution/20 execution/22 execution/23 execution/30 execution/31 execution/32 execution/40",
                33,
            ),
        ),
        Case(
            {"artifact": 14, "direction": "upstream", "hops": 2},
            graph("artifact/3 artifact/10 artifact/11 artifact/14 execution/16 execution/23", 5),
        ),
    ],
    "lineage_of_execution": [
        Case(
            {"execution": 16, "hops": 1},
            graph("artifact/3 artifact/10 artifact/11 artifact/14 artifact/15 execution/16", 5),
        ),
        Case(
            {"execution": 47, "direction": "downstream"},
            graph(
                "artifact/51 artifact/52 artifact/53 artifact/54 artifact/55 artifact/56 artifact/57 artifact/58 execution/47 execution/48 execution/49 execution/50 execution/51",
                13,
            ),
        ),
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
    "makers_of_artifact": [
        Case(
            {"artifact": 14},
            rows(
                "execution state event time",
                (16, "COMPLETE", "OUTPUT", 1795426927663),
                (23, "COMPLETE", "INTERNAL_OUTPUT", 1795427018759),
            ),
        ),
        Case(
            {"artifact": 1},
            rows(
                "execution state event",
                (1, "COMPLETE", "OUTPUT"),
                (8, "CACHED", "OUTPUT"),
                (20, "CACHED", "OUTPUT"),
                (32, "CACHED", "OUTPUT"),
                (40, "CACHED", "OUTPUT"),
            ),
        ),
    ],
    "models_from_artifact": [
        Case(
            {"artifact": 20},
            rows(
                "artifact type hops",
                (29, "Model", 2),
                (33, "PushedModel", 4),
                (58, "PushedModel", 6),
            ),
        )
    ],
    "models_trained_in_run": [
        Case(
            {"context": 26}, rows("artifact type execution time", (29, "Model", 28, 1795427087910))
        )
    ],
    "parameters_behind_artifact": [
        Case(
            {"artifact": 3},
            rows("execution type parameter value hops", (1, "Train", "epochs", 5, 1)),
            SMALL,
        ),
        Case(
            {"artifact": 14, "hops": 1},
            rows(
                "execution parameter hops",
                (16, "custom_config", 1),
                (16, "eval_args", 1),
                (16, "module_path", 1),
                (16, "train_args", 1),
            ),
        ),
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
    "path_between_artifacts": [
        Case(
            {"from_artifact": 1, "to_artifact": 18}, graph("artifact/1 artifact/18 execution/18", 2)
        ),
        Case(
            {"from_artifact": 18, "to_artifact": 3, "direction": "flow"},
            graph("artifact/3 artifact/14 artifact/18 execution/16 execution/18", 4),
        ),
        Case({"from_artifact": 17, "to_artifact": 18, "direction": "flow"}, graph("", 0)),
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
    "properties_of_type": [
        Case(
            {"type": "Examples"},
            rows(
                "property custom nodes example",
                ("split_names", False, 6, '["train", "eval"]'),
                ("file_format", True, 2, "tfrecords_gzip"),
                (
                    "input_fingerprint",
                    True,
                    2,
                    "split:single_split,num_files:1,total_bytes:25648,xor_checksum:1795426759,sum_checksum:1795426759",
                ),
                ("is_external", True, 6, 0),
                ("payload_format", True, 2, "FORMAT_TF_EXAMPLE"),
                ("span", True, 2, 0),
                ("tfx_version", True, 6, "1.16.0"),
            ),
        )
    ],
    "retrain_if_withdrawn": [
        Case(
            {"artifact": 10},
            rows(
                "position execution type run_context output_artifacts started",
                (1, 16, "tfx.components.trainer.component.Trainer", 15, [14, 15], 1795426903042),
            ),
        ),
        Case(
            {"artifact": 1},
            rows(
                "position execution run_context output_artifacts",
                (1, 16, 15, [14, 15]),
                (2, 28, 26, [28, 29]),
                (3, 48, 38, [53, 54]),
            ),
        ),
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
    "running_executions": [
        Case({}, rows("execution type state started", (4, "Train", "RUNNING", 4000)), SMALL)
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
                    "FAILED",
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
    "sources_of_artifact": [
        Case({"artifact": 54}, rows("artifact type hops", (1, "Examples", 4), (3, "Schema", 8))),
        Case({"artifact": 54, "type": "Examples"}, rows("artifact type hops", (1, "Examples", 4))),
        Case({"artifact": 3}, rows("artifact type hops", (1, "Table", 2)), SMALL),
    ],
    "unused_artifacts": [
        Case(
            {"type": "ExampleStatistics"},
            rows(
                "artifact state created",
                (5, "LIVE", 1795426902982),
                (6, "LIVE", 1795426902982),
                (23, "LIVE", 1795427046644),
                (26, "LIVE", 1795427046644),
                (36, "LIVE", 1795427156497),
                (41, "LIVE", 1795427156498),
                (47, "LIVE", 1795427265518),
                (49, "LIVE", 1795427265518),
            ),
        )
    ],
    "users_of_artifact": [
        Case(
            {"artifact": 14},
            rows(
                "execution state event time",
                (17, "COMPLETE", "INPUT", 1795426927684),
                (18, "COMPLETE", "INPUT", 1795426930281),
                (19, "COMPLETE", "INPUT", 1795426935564),
                (30, "COMPLETE", "INPUT", 1795427091344),
            ),
        )
    ],
}
