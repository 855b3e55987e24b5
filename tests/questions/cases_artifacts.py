"""Cases of questions about artifacts."""

from __future__ import annotations

from tests.questions.case import SMALL, Case, graph, rows

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
    "latest_artifacts": [
        Case(
            {"type": "Model", "limit": 2},
            rows(
                "artifact state created", (54, "LIVE", 1795427316801), (29, "LIVE", 1795427087910)
            ),
        ),
        Case({"type": "Model", "context": 15}, rows("artifact", (14,))),
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
