"""Cases of questions that are walked in Python."""

from __future__ import annotations

from tests.questions.case import SMALL, Case, graph, rows

CASES: dict[str, list[Case]] = {
    "at_commit": [
        Case(
            {"commit": "0123abc"},
            rows(
                "context execution artifact type name",
                (2, None, None, "pipeline_run", "one"),
                (None, 1, None, "Train", None),
            ),
            SMALL,
        ),
        Case({"commit": "0123fff"}, rows("context execution artifact type name"), SMALL),
    ],
    "columns_of_artifact": [
        Case(
            {"artifact": 3, "column": "weights"},
            rows(
                "column artifact source_column kind hops",
                ("weights", 1, "x", "DIRECT", 1),
                ("weights", 2, "y", "INDIRECT", 1),
            ),
            SMALL,
        )
    ],
    "impact_of_column": [
        Case(
            {"artifact": 2, "column": "y"},
            rows("artifact column kind hops", (3, "*", "INDIRECT", 1)),
            SMALL,
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
                ("field", "state", None, None, True),
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
                ("state", "Train", "error_message", None, "out of disk", False),
                ("state", "Train #2", "state", None, "RUNNING", False),
                ("parameter", "Train", "epochs", 5, 7, False),
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
    "models_from_artifact": [
        Case(
            {"artifact": 20},
            rows(
                "artifact type hops",
                (29, "Model", 2),
            ),
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
    "sources_of_artifact": [
        Case({"artifact": 54}, rows("artifact type hops", (1, "Examples", 4), (3, "Schema", 8))),
        Case({"artifact": 54, "type": "Examples"}, rows("artifact type hops", (1, "Examples", 4))),
        Case({"artifact": 3}, rows("artifact type hops", (1, "Table", 2)), SMALL),
    ],
    "why_different": [
        Case(
            {"one_artifact": 14, "other_artifact": 29},
            rows(
                "rank sentence cause artifact execution name one other hops",
                (
                    1,
                    "Transform read an extra input: analyzer_cache "
                    "(TransformCache #12, made by Transform).",
                    "input",
                    None,
                    26,
                    "analyzer_cache",
                    None,
                    "artifact/12",
                    3,
                ),
            ),
        ),
        Case(
            {"one_artifact": 29, "other_artifact": 54},
            rows(
                "sentence hops",
                (
                    "Trainer read an extra input: hyperparameters "
                    "(HyperParameters #51, made by Tuner).",
                    1,
                ),
                ("Schema #34 was made by SchemaGen, Schema #3 by ImportSchemaGen.", 2),
                ("Transform.analyzer_cache: TransformCache #42 instead of TransformCache #12.", 3),
            ),
        ),
        Case(
            {"one_artifact": 3, "other_artifact": 4},
            rows(
                "cause sentence",
                ("step", "Model #3 was made by Train; what made #4 is not recorded."),
            ),
            SMALL,
        ),
    ],
}
