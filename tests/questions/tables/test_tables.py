"""Runs, artifacts and executions as tables, and the best run: what is shown is what is stored."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Kind, Ref
from lineage_graph.store import Store


def train(store: Store, name: str, accuracy: float | None, **more: Any) -> None:
    with lg.pipeline("penguin", store=store).run(name) as run:
        with run.step("Trainer", params={"epochs": 5, "rate": len(name) / 10}) as step:
            step.output("Model", uri=f"models/{name}")
            step.log(loss=0.5)
            if accuracy is not None:
                step.log(accuracy=accuracy)
        if more:
            run.log(**more)


def fail(store: Store, name: str) -> None:
    with lg.pipeline("penguin", store=store).run(name) as run:
        with run.step("Evaluator") as step:
            step.log(loss=0.1)
        raise RuntimeError("no disk")


def test_the_runs_of_a_pipeline(store: Store) -> None:
    train(store, "a", 0.7)
    train(store, "bb", None)
    train(store, "ccc", math.nan, score=3)
    with pytest.raises(RuntimeError):
        fail(store, "dddd")
    found = lg.runs("penguin", store=store)
    assert [(run.name, run.state) for run in found] == [
        ("dddd", "FAILED"),
        ("ccc", "COMPLETE"),
        ("bb", "COMPLETE"),
        ("a", "COMPLETE"),
    ]
    rows = {row["name"]: row for row in found.to_dicts()}
    assert rows["a"]["Trainer.loss"] == 0.5
    assert rows["a"]["Evaluator.loss"] is None
    assert rows["dddd"]["Evaluator.loss"] == 0.1
    assert rows["a"]["accuracy"] == 0.7
    assert rows["bb"]["accuracy"] is None
    assert rows["ccc"]["score"] == 3
    assert rows["ccc"]["epochs"] == 5
    assert isinstance(rows["a"]["started"], datetime)
    assert isinstance(rows["a"]["duration"], timedelta)
    assert found[3].metrics("loss") == {"loss": 0.5}
    assert found[3].metrics() == {"accuracy": 0.7, "loss": 0.5}
    assert found[3].parameters == {"epochs": 5, "rate": 0.1}
    text = repr(lg.runs("penguin", limit=2, store=store))
    assert text.endswith("[2 of 4 runs]")
    assert "dddd  FAILED" in text
    assert len(found[1:3]) == 2
    assert found[-1].name == "a"
    assert "<td>dddd</td>" in found._repr_html_()
    assert repr(found[3]).startswith("<Run penguin/a COMPLETE")
    assert "accuracy=0.7" in repr(found[3])
    ref = store.by_name(Kind.CONTEXT, "pipeline", "penguin")
    assert ref is not None
    assert len(lg.runs(ref.ref, store=store)) == 4
    with pytest.raises(NotFound, match="pengin") as told:
        lg.runs("pengin", store=store)
    assert told.value.hint == "Did you mean 'penguin'?"
    with pytest.raises(InvalidArgument, match="limit"):
        lg.runs("penguin", limit=0, store=store)


def test_the_best_run(store: Store) -> None:
    for name, accuracy in {"a": 0.7, "b": 0.9, "c": 0.9, "d": math.nan, "e": None}.items():
        train(store, name, accuracy)

    def name_of(metric: str, **how: Any) -> str:
        return lg.best("penguin", metric, store=store, **how).name

    assert name_of("accuracy") == "c"  # of equals the newest
    assert name_of("accuracy", higher_is_better=False) == "a"
    assert name_of("Trainer.accuracy") == "c"
    with pytest.raises(NotFound, match="acuracy") as told:
        name_of("acuracy")
    assert told.value.hint == "Did you mean 'accuracy'?"
    with lg.pipeline("penguin", store=store).run("f") as run, run.step("Evaluator") as step:
        model = step.output("Model", uri="models/f")
        step.log(accuracy=0.1)
        step.log(model, size=3.5, accuracy=0.99)
    with pytest.raises(InvalidArgument, match="Several steps") as ambiguous:
        name_of("accuracy")
    assert "Evaluator.accuracy" in (ambiguous.value.hint or "")
    assert name_of("Trainer.accuracy") == "c"
    with lg.pipeline("penguin", store=store).run("g") as run:
        run.log(accuracy=0.2)
    assert name_of("accuracy") == "g"  # the run's own goes before those of its steps


def test_artifacts_and_executions(store: Store) -> None:
    for name, accuracy in {"a": 0.7, "b": 0.9, "c": None}.items():
        with lg.pipeline("penguin", store=store).run(name) as run, run.step("Trainer") as step:
            model = step.output("Model", uri=f"models/{name}")
            if accuracy is not None:
                step.log(model, accuracy=accuracy)
    found = lg.artifacts(type="Model", order_by="accuracy", store=store)
    assert [row["uri"][-1] for row in found.to_dicts()] == ["b", "a", "c"]
    assert [row["accuracy"] for row in found.to_dicts()] == [0.9, 0.7, None]
    some = lg.artifacts(where="accuracy > 0.8", limit=1, store=store)
    assert len(some) == some.total == 1
    assert some[0].uri == "models/b"
    assert repr(lg.artifacts(limit=1, store=store)).endswith("[1 of 3 artifacts]")
    assert repr(lg.artifacts(type="None", store=store)) == "0 artifacts"
    ran = lg.executions(type="Trainer", store=store)
    assert {row["state"] for row in ran.to_dicts()} == {"COMPLETE"}
    assert len(ran) == 3
    assert ran[0].ref == Ref(Kind.EXECUTION, ran[0].id or 0)


def test_it_reads_the_store_of_the_settings(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    train(store, "a", 0.7)
    monkeypatch.setattr(Store, "open", lambda: _Kept(store))
    assert lg.best("penguin", "accuracy").name == "a"


class _Kept:
    """The store of a test, which stays open."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def __enter__(self) -> Store:
        return self._store

    def __exit__(self, *_: object) -> None:
        pass
