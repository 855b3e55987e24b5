"""Work that was done before is found by its inputs, parameters and code, and only then."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import FailedPrecondition
from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState, Subgraph
from lineage_graph.recorder import Run, Step
from lineage_graph.store import Store


@pytest.fixture
def run(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.chdir(tmp_path)
    Path("train.csv").write_text("one")
    with lg.pipeline("penguin", store=store).run("r") as run:
        yield run


def train(run: Run, epochs: int = 5, code: str = "1", fail: bool = False) -> Step:
    """A step that writes a model unless it was written before."""
    step = run.step(
        "Trainer",
        inputs={"examples": "train.csv"},
        params={"epochs": epochs},
        cache=True,
        code=code,
    )
    with step:
        if not step.cached:
            step.output("Model", uri="model.bin")
            Path("model.bin").write_text(f"{epochs} {code}")
            if fail:
                raise ValueError("failed")
    return step


def test_the_same_work_is_recorded_as_cached(store: Store, run: Run) -> None:
    first, second, third = train(run), train(run), train(run)
    assert [first.cached, second.cached, third.cached] == [False, True, True]
    assert first.outputs["model"][0].id == third.outputs["model"][0].id
    assert store.counts().artifacts == 2
    assert third.ref
    graph = store.neighbours(third.ref)
    execution = graph.executions[0]
    assert execution.last_known_state is ExecutionState.CACHED
    assert execution.custom_properties["cached_from"] == second.origin
    assert {(event.type.value, event.path) for event in graph.events} == {
        ("INPUT", ("examples", 0)),
        ("OUTPUT", ("model", 0)),
    }


def test_what_makes_it_other_work(run: Run) -> None:
    train(run)
    assert not train(run, epochs=6).cached
    Path("model.bin").write_text("5 1")
    assert train(run).cached
    assert not train(run, code="2").cached
    Path("model.bin").write_text("5 1")
    Path("train.csv").write_text("two")
    assert not train(run).cached


def test_cached_in_another_run_and_counted_to_it(store: Store, run: Run) -> None:
    made = train(run).outputs["model"][0]
    with lg.pipeline("penguin", store=store).run("later") as later:
        assert train(later).cached
    contexts = {c.name for c in store.neighbours(made.ref).contexts}
    assert {"penguin.r", "penguin.later"} <= contexts


def test_a_failed_step_is_not_taken(run: Run) -> None:
    with pytest.raises(ValueError, match="failed"):
        train(run, fail=True)
    assert not train(run).cached


@pytest.mark.parametrize("happens", ["changed", "deleted"])
def test_outputs_must_still_be_there(run: Run, happens: str) -> None:
    train(run)
    if happens == "changed":
        Path("model.bin").write_text("tampered")
    else:
        Path("model.bin").unlink()
    assert not train(run).cached


def test_outputs_must_be_live(store: Store, run: Run) -> None:
    made = train(run).outputs["model"][0]
    model = store.node(made.ref)
    assert isinstance(model, Artifact)
    deleted = model.model_copy(update={"state": ArtifactState.DELETED})
    store.put(Subgraph(artifacts=(deleted,)))
    assert not train(run).cached


def test_without_cache_nothing_is_looked_for(store: Store, run: Run) -> None:
    for _ in range(2):
        with run.step("Plain", params={"a": 1}) as step:
            assert not step.cached
    assert step.ref
    assert "cache_key" not in store.node(step.ref).custom_properties


def test_an_int_and_a_float_are_different_parameters(run: Run) -> None:
    for value, cached in ((1, False), (1.0, False), (True, False), ("1", False), (1, True)):
        with run.step("Plain", params={"a": value}, cache=True) as step:
            assert step.cached is cached


def test_a_cached_step_makes_no_new_outputs(store: Store, run: Run) -> None:
    train(run)
    with (
        pytest.raises(FailedPrecondition, match=r"step\.cached"),
        run.step(
            "Trainer", inputs={"examples": "train.csv"}, params={"epochs": 5}, cache=True, code="1"
        ) as step,
    ):
        step.output("Model")
    assert step.ref
    failed = store.node(step.ref)
    assert isinstance(failed, Execution)
    assert failed.last_known_state is ExecutionState.FAILED
    assert [event.type.value for event in store.neighbours(step.ref).events] == ["INPUT"]
