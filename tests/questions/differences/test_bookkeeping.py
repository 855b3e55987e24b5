"""What tools note for themselves is no reason, no parameter and no metric, whoever noted it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange import open_source
from lineage_graph.model import Execution, Kind, Ref
from lineage_graph.questions import ask, compare, why
from lineage_graph.questions.bookkeeping import is_bookkeeping
from lineage_graph.questions.differences.facts import Cause, kept
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import event, written

UUID = "7b0c1e9e-6f0a-4d7e-9a55-1d2f1f3a9c01"
TOLD = {"dataset": 1775001600000000, "namespace": 1775001600000000}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("told", TOLD),
        ("statements", {"a": 1}),
        ("run_id", "anything"),
        ("runId", UUID),
        ("ended_at", "2026-04-01T00:00:00.000000Z"),
        ("created_at", 1775001600000),
        ("hostname", "worker-7"),
        ("pid", 4711),
        ("any_name", UUID),
        ("job_id", 17),
        ("trial_id", "m-0123456789abcdef"),
        ("__pipeline_name", "p"),
        ("cache_fingerprint", "0a1b"),
        ("pod_uid", "x"),
        ("parent_dag_id", 7),
        ("artifact_uri", "s3://mlruns/0/1"),
        ("checksum_path", "/a/b"),
        ("nominalTime", {"_producer": "p", "nominalStartTime": "2026-01-01T00:00:00Z"}),
    ],
)
def test_what_keeps_books(name: str, value: Any) -> None:
    assert is_bookkeeping(name, value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lr", 0.1),
        ("told", "the truth"),
        ("model_id", "bert-base-uncased"),
        ("start_time", "morning"),
        ("timestamp", 3),
        ("version", UUID),
        ("digest", UUID),
        ("git_commit", "0123456789abcdef0123456789abcdef01234567"),
        ("history", 5),
        ("sql", "SELECT 1"),
    ],
)
def test_what_does_not(name: str, value: Any) -> None:
    assert not is_bookkeeping(name, value)


def test_what_a_stage_of_dvc_is_called_is_no_parameter() -> None:
    held = {"stage": "train", "lr": 0.1}
    for of_type, names in (("dvc.Train", {"lr"}), ("dvc.Stage", {"lr"}), ("Any", {"stage", "lr"})):
        node = Execution(type=of_type, custom_properties=held)
        assert {name for name, _ in kept(node)} == names


def loaded(store: Store, path: Path, *runs: tuple[str, str]) -> list[Ref]:
    """Load runs of one job, each of what it read and with which parameter; return the versions of A."""
    events = [
        event(
            "COMPLETE",
            f"00000000-0000-4000-8000-00000000000{day}",
            day,
            inputs=[read],
            outputs=[("A", str(day))],
            job="make",
            facets={
                "nominalTime": {"nominalStartTime": f"2026-04-0{day}T00:00:00Z"},
                "executionParameters": {"parameters": [{"key": "lr", "value": lr}]},
                "processing_engine": {"version": "1", "openlineageAdapterVersion": str(day)},
            },
        )
        for day, (read, lr) in enumerate(runs, 1)
    ]
    with open_source(written(path / "events.ndjson", events)) as source:
        store.load_keyed(source.batches(), source.source)
    found = store.find(
        Find(kind=Kind.ARTIFACT, where="custom_properties.version.string_value > ''")
    )
    return [node.ref for node in found.nodes]


def test_of_runs_of_openlineage_only_what_was_changed_is_told(store: Store, tmp_path: Path) -> None:
    refs = loaded(store, tmp_path, ("a", "0.1"), ("b", "0.1"), ("b", "0.9"))
    data = why(store, *refs[:2])
    assert data.sentence.startswith("Same parameters, but the data changed: Dataset #")
    assert "dataset a → b" in data.sentence
    assert [reason.divergence.cause for reason in data.reasons] == [Cause.DATA]
    lr = why(store, *refs[1:])
    assert [reason.sentence for reason in lr.reasons] == ["make.lr 0.1 → 0.9."]
    for table in (compare(store, refs), compare(store, ["execution/1", "execution/2"])):
        assert not [row.name for row in table.rows if row.part == "metric"]
        assert {row.name for row in table.rows if row.part == "parameter"} <= {"lr"}
    runs = store.find(Find(kind=Kind.CONTEXT, type="run")).nodes
    rows = ask(store, "compare_runs", one_context=runs[1].id, other_context=runs[2].id).rows
    assert [row[2:5] for row in rows if row[0] in ("metric", "parameter")] == [("lr", "0.1", "0.9")]
    rows = ask(store, "parameters_behind_artifact", artifact=refs[0].id).rows
    assert [row[2:4] for row in rows if row[2] != "producer"] == [("engine", "1"), ("lr", "0.1")]
