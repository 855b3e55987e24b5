"""``@lg.step``: functions whose calls are steps inside a run and mere calls outside."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model import Artifact, Execution, ExecutionState, Kind
from lineage_graph.store import Find, Store

CALLS: list[str] = []


@pytest.fixture(autouse=True)
def _fresh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("train.csv").write_text("one")
    CALLS.clear()


def executions(store: Store, type_name: str | None = None) -> list[Execution]:
    found = store.find(Find(kind=Kind.EXECUTION, type=type_name)).nodes
    return [node for node in found if isinstance(node, Execution)]


@lg.step
def train(examples: Path, epochs: int = 5, *layers: int, **more: Any) -> Artifact:
    """Train a model."""
    CALLS.append("train")
    return lg.artifact("Model", "models/7")


@lg.step(name="Evaluator", cache=True, inputs=("data",))
def evaluate(model: Artifact, data: str, threshold: float = 0.5) -> dict[str, Any]:
    CALLS.append("evaluate")
    step = lg.current_step()
    assert step is not None
    step.log(accuracy=0.9)
    return {
        "metrics": lg.artifact("Metrics", "s3://metrics"),
        "plots": (lg.artifact("Plot", "s3://1"), lg.artifact("Plot", "s3://2")),
        "accuracy": 0.9,
    }


def test_outside_of_a_run_it_is_a_mere_call(store: Store) -> None:
    assert train(Path("train.csv")).uri == "models/7"
    assert train.__name__ == "train"
    assert train.__doc__ == "Train a model."
    assert store.counts().executions == 0


def test_a_call_is_a_step(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r"):
        model = train(Path("train.csv"), 3, 64, 32, seed=1)
    (execution,) = executions(store)
    assert (execution.type, execution.last_known_state) == ("train", ExecutionState.COMPLETE)
    properties = execution.custom_properties
    assert (properties["epochs"], properties["layers"], properties["seed"]) == (3, "[64, 32]", 1)
    assert "examples" not in properties
    assert store.node(model.ref).type == "Model"
    paths = {(e.type.value, e.path) for e in store.neighbours(execution.ref).events}
    assert paths == {("INPUT", ("examples", 0)), ("OUTPUT", ("model", 0))}


def test_a_cached_call_returns_what_the_first_did(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r"):
        model = train(Path("train.csv"))
        first = evaluate(model, "train.csv")
        second = evaluate(model, "train.csv")
        evaluate(model, "train.csv", threshold=0.7)
    assert CALLS == ["train", "evaluate", "evaluate"]
    assert second.keys() == first.keys()
    assert second["accuracy"] == 0.9
    assert second["metrics"].id == first["metrics"].id
    assert isinstance(second["plots"], tuple)
    assert [plot.uri for plot in second["plots"]] == ["s3://1", "s3://2"]
    states = [e.last_known_state.value for e in executions(store, "Evaluator")]
    assert states == ["COMPLETE", "CACHED", "COMPLETE"]


def test_code_is_part_of_the_work(store: Store) -> None:
    def made(code: str | None) -> Any:
        @lg.step(name="made", cache=True, code=code)
        def function() -> int:
            CALLS.append(str(code))
            return 1

        return function

    with lg.pipeline("penguin", store=store).run("r"):
        assert [made("a")(), made("b")(), made("a")()] == [1, 1, 1]
    assert CALLS == ["a", "b"]


def test_what_cannot_be_returned_again_is_not_cached(store: Store) -> None:
    @lg.step(cache=True)
    def returns_an_object() -> object:
        CALLS.append("called")
        return object()

    with lg.pipeline("penguin", store=store).run("r"):
        returns_an_object()
        returns_an_object()
    assert CALLS == ["called", "called"]
    assert all("cache_key" not in e.custom_properties for e in executions(store))


def test_calls_inside_a_call_are_nested(store: Store) -> None:
    @lg.step
    def outer() -> None:
        train(Path("train.csv"))

    with lg.pipeline("penguin", store=store).run("r"):
        outer()
    (inner,) = executions(store, "train")
    assert inner.custom_properties["parent_step"] == "outer"


def test_errors_go_on_and_are_recorded(store: Store) -> None:
    @lg.step
    def fails() -> None:
        raise ValueError("no data")

    with lg.pipeline("penguin", store=store).run("r"), pytest.raises(ValueError, match="no data"):
        fails()
    (execution,) = executions(store)
    assert execution.last_known_state is ExecutionState.FAILED
    assert execution.custom_properties["error_message"] == "no data"


def test_objects_as_arguments_are_kept_by_their_type(store: Store) -> None:
    @lg.step
    def use(frame: object) -> None: ...

    @lg.step(cache=True)
    def cached(frame: object) -> None: ...

    with lg.pipeline("penguin", store=store).run("r"):
        use(object())
        with pytest.raises(InvalidArgument, match="frame"):
            cached(object())
    (execution,) = executions(store)
    assert execution.custom_properties["frame"] == "<object object>"


def test_coroutines(store: Store) -> None:
    @lg.step
    async def fetch(number: int) -> Artifact:
        await asyncio.sleep(0.01)
        step = lg.current_step()
        assert step is not None
        step.log(seen=number)
        return lg.artifact("Page", f"https://example.org/{number}")

    async def all_of_them() -> list[Artifact]:
        return await asyncio.gather(*(fetch(number) for number in range(3)))

    with lg.pipeline("penguin", store=store).run("r"):
        pages = asyncio.run(all_of_them())
    assert [store.node(page.ref).type for page in pages] == ["Page"] * 3
    seen = sorted(
        (e.custom_properties["number"], e.custom_properties["seen"]) for e in executions(store)
    )
    assert seen == [(0, 0), (1, 1), (2, 2)]


def test_threads_find_the_only_run(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r"), ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda epochs: train(Path("train.csv"), epochs), range(4)))
    assert len(executions(store, "train")) == 4
    assert len({e.custom_properties["epochs"] for e in executions(store)}) == 4


def test_threads_do_not_guess_between_two_runs(store: Store) -> None:
    pipeline = lg.pipeline("penguin", store=store)
    with pipeline.run("a"), pipeline.run("b"), ThreadPoolExecutor(1) as pool:
        with pytest.raises(FailedPrecondition, match="Several runs"):
            pool.submit(train, Path("train.csv")).result()
        train(Path("train.csv"))
    (execution,) = executions(store)
    assert "penguin.b" in {c.name for c in store.neighbours(execution.ref).contexts}


def test_what_cannot_be_decorated() -> None:
    with pytest.raises(InvalidArgument, match="yields"):

        @lg.step
        def generator() -> Any:
            yield 1

    with pytest.raises(InvalidArgument, match="digest"):

        @lg.step
        def reserved(digest: str) -> None: ...

    with pytest.raises(InvalidArgument, match="nothing"):

        @lg.step(inputs=("nothing",))
        def no_such_argument(a: int) -> None: ...
