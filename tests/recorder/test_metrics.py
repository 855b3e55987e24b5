"""Metrics over time: kept whole or thinned with their extremes, written while a step runs, drawn."""

from __future__ import annotations

import math
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import lineage_graph as lg
from lineage_graph.charts.metric_history import Kept, histories
from lineage_graph.errors import InvalidArgument, Unreachable
from lineage_graph.model import Artifact, Execution, Kind
from lineage_graph.recorder import Run, Step
from lineage_graph.recorder.metrics import MAX_POINTS, Histories
from lineage_graph.store import Find, Store


def history_of(values: list[float]) -> dict[str, Any]:
    kept = Histories()
    for number, value in enumerate(values):
        kept.log([("loss", value)], number, 1000.0 * number)
    return dict(kept.properties())


def test_few_values_are_all_kept() -> None:
    kept = history_of([3.0, 1.0, 2.0])
    assert kept["history"] == {"loss": [[0.0, 3.0, 0.0], [1.0, 1.0, 1000.0], [2.0, 2.0, 2000.0]]}
    assert (kept["loss least"], kept["loss most"], kept["loss best"]) == (1.0, 3.0, 1.0)
    assert "loss logged" not in kept
    assert history_of([3.0]) == {}


@given(
    st.lists(st.floats(width=32), min_size=1, max_size=40),
    st.integers(2, 200),
)
def test_thinned_with_the_extremes_and_the_last(some: list[float], times: int) -> None:
    values = some * times
    kept = history_of(values)
    points = kept["history"]["loss"]
    assert len(points) <= MAX_POINTS + 3
    finite = [value for value in values if math.isfinite(value)]
    told = [point[1] for point in points if not isinstance(point[1], str)]
    if finite:
        assert (kept["loss least"], kept["loss most"]) == (min(finite), max(finite))
        assert {min(finite), max(finite)} <= set(told) or not all(map(math.isfinite, values))
    steps = [point[0] for point in points]
    assert steps == sorted(set(steps))
    assert steps[-1] == len(values) - 1


def test_a_hundred_thousand_values_are_thinned_and_that_is_said() -> None:
    values = [math.sin(number / 50) for number in range(100_000)]
    values[31_415], values[77_777] = 9.0, -9.0
    kept = history_of(values)
    points = kept["history"]["loss"]
    assert MAX_POINTS // 2 <= len(points) <= MAX_POINTS + 3
    assert [31_415.0, 9.0, 31_415_000.0] in points
    assert [77_777.0, -9.0, 77_777_000.0] in points
    assert kept["loss logged"] == 100_000
    node = Artifact(id=1, type="Metrics", custom_properties=kept)
    (drawn,) = histories([Kept(node)])
    assert drawn.by == "step"
    assert (drawn.least, drawn.most) == (-9.0, 9.0)
    assert f"thinned: {len(points):,} of 100,000 values" in drawn.lines[0].words


def test_what_is_no_number_is_told() -> None:
    kept = history_of([1.0, math.nan, math.inf, 0.5])
    assert [point[1] for point in kept["history"]["loss"]] == [1.0, "NaN", "Infinity", 0.5]
    (drawn,) = histories([Kept(Artifact(id=1, type="Metrics", custom_properties=kept))])
    assert drawn.lines[0].words == "best 0.5 at step 3, last 0.5; 2 no numbers"


def kept_by(store: Store) -> Artifact:
    (found,) = store.find(Find(kind=Kind.ARTIFACT, type="Metrics")).nodes
    assert isinstance(found, Artifact)
    return found


def test_epochs(store: Store) -> None:
    with lg.pipeline("p", store=store).run("r") as run, run.step("Train") as step:
        for epoch in range(10):
            step.log(loss=1 / (epoch + 1), step=epoch)
        step.log({"val/f1": 0.5}, time=datetime(2026, 1, 1, tzinfo=timezone.utc))
        step.log({"val/f1": 0.25}, time=1767225601, rank=3)
        step.log(margin=-2, higher_is_better=False)
        step.log(margin=-1, step=7.5)
        with pytest.raises(InvalidArgument, match="no number"):
            step.log(loss=1, step="three")  # type: ignore[arg-type]
        model = step.output("Model", uri="mem://m")
    assert step.ref is not None
    execution = store.node(step.ref)
    assert isinstance(execution, Execution)
    told = execution.custom_properties
    assert (told["loss"], told["val/f1"], told["margin"], told["rank"]) == (0.1, 0.25, -1, 3)
    assert told["metric_names"] == '["loss", "margin", "rank", "val/f1"]'
    assert "step" not in told
    kept = kept_by(store).custom_properties
    series: Any = kept["history"]
    assert [point[:2] for point in series["loss"]] == [[e, 1 / (e + 1)] for e in range(10)]
    assert [point[2] for point in series["val/f1"]] == [1767225600000, 1767225601000]
    assert [point[0] for point in series["margin"]] == [0, 7.5]
    assert series.keys() == {"loss", "val/f1", "margin"}
    assert (kept["loss best"], kept["val/f1 best"], kept["margin best"]) == (0.1, 0.5, -2)
    found = store.find(Find(kind=Kind.ARTIFACT, where="`loss best` < 0.2")).nodes
    assert [node.ref for node in found] == [kept_by(store).ref]
    assert model.id is not None
    table = lg.history(run, "loss", "margin", store=store)
    assert [(p.metric, p.step, p.value, p.of) for p in table][-2:] == [
        ("margin", 0, -2, "Train"),
        ("margin", 7.5, -1, "Train"),
    ]
    assert len(table) == 12
    (first, *_) = lg.history(step, "val/f1", store=store)
    assert first.time == datetime(2026, 1, 1, tzinfo=timezone.utc)
    with pytest.raises(InvalidArgument, match="no stored run"):
        lg.history(model.ref, store=store)


def test_written_while_the_step_runs(store: Store) -> None:
    with lg.pipeline("p", store=store).run("r") as run, run.step("Train") as step:
        step.log(loss=2.0)
        step.log(loss=1.0)
        deadline = time.monotonic() + 30
        while not store.find(Find(kind=Kind.ARTIFACT, type="Metrics")).nodes:
            assert time.monotonic() < deadline
            time.sleep(0.05)
        assert kept_by(store).custom_properties["loss most"] == 2.0
        assert step.outputs == {}


def test_a_step_that_fails_keeps_its_metrics(store: Store) -> None:
    with lg.pipeline("p", store=store).run("r") as run:
        with pytest.raises(OSError, match="disk"), run.step("Train") as step:  # noqa: PT012
            step.log(loss=2.0)
            step.log(loss=1.0)
            raise OSError("disk")
        run.log(score=1, step=1)
        run.log(score=2, step=5)
    assert kept_by(store).state_word == "LIVE"
    assert run.ref is not None
    told: Any = store.node(run.ref).custom_properties
    assert [point[:2] for point in told["history"]["score"]] == [[1, 1], [5, 2]]
    assert (told["score"], told["score most"]) == (2, 2)
    points = [(p.metric, p.value, p.of) for p in lg.history(run, store=store)]
    assert points == [
        ("loss", 2, "Train"),
        ("loss", 1, "Train"),
        ("score", 1, "p.r"),
        ("score", 2, "p.r"),
    ]


def test_metrics_of_a_store_that_is_away_come_from_the_file(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object) -> None:
        raise Unreachable("gone")

    with monkeypatch.context() as patch:
        patch.setattr(store, "put", down)
        pipeline = lg.pipeline("p", store=store, on_error="spool", spool=tmp_path / "spool.jsonl")
        with pipeline.run("r") as run, run.step("Train") as step:
            for epoch in range(3):
                step.log(loss=1 - epoch, step=epoch)
    lg.replay(store, tmp_path / "spool.jsonl")
    series: Any = kept_by(store).custom_properties["history"]
    assert [point[:2] for point in series["loss"]] == [[0, 1], [1, 0], [2, -1]]


def test_what_is_wrong_is_left_out_where_nothing_may_raise(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    def train(run: Run) -> Step:
        with run.step(
            "Train", params={"ok": 1, "bad": object()}, inputs={"gone": "no/file"}
        ) as step:
            for _ in range(3):
                step.log(acc=[1, 2, 3], loss=0.5)
                step.log(loss=0.5, step=math.nan)
            step.output("Model", uri=3)  # type: ignore[arg-type]
            step.output("Model", uri="mem://m", properties={"digest": 1})
            step.output("Model", uri="mem://n")
        step.log(late=1)
        return step

    with lg.pipeline("p", store=store, on_error="warn").run("r") as run:
        step = train(run)
        with run.step("") as unnamed:  # type: ignore[arg-type]
            unnamed.log(x=1)
            unnamed.output("Model")
    assert step.ref is not None
    told = store.node(step.ref).custom_properties
    assert (told["ok"], told["bad"], told["loss"]) == (1, "<object object>", 0.5)
    assert told.keys().isdisjoint({"acc", "late"})
    models = store.find(Find(kind=Kind.ARTIFACT, type="Model")).nodes
    assert [getattr(node, "uri", "") for node in models] == ["mem://n"]
    assert caplog.text.count("the metric 'acc' is not recorded") == 1
    assert caplog.text.count("the input 'gone' is not recorded") == 1
