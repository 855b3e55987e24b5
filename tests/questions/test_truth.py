"""Answers that were misleading: what was not deployed, given up, a baseline, told by number or by time."""

from __future__ import annotations

from typing import Any

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    TYPE_CLASSES,
    Artifact,
    ArtifactState,
    Association,
    Attribution,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    ParentContext,
    PropertyKind,
    Subgraph,
)
from lineage_graph.questions import ask
from lineage_graph.store import PutOptions, Store

IN, OUT = EventType.INPUT, EventType.OUTPUT
COMPLETE, CACHED = ExecutionState.COMPLETE, ExecutionState.CACHED


def step(id: int, type: str, start: int, end: int, **fields: Any) -> Execution:
    """An execution that took from one second to another."""
    given = {"last_known_state": COMPLETE} | fields
    times = {"create_time_since_epoch": start, "last_update_time_since_epoch": end}
    return Execution(id=id, type=type, **times, **given)


def made(id: int, type: str, at: int, **fields: Any) -> Artifact:
    """An artifact that was made at a moment."""
    times = {"create_time_since_epoch": at, "last_update_time_since_epoch": at}
    return Artifact(id=id, type=type, **times, **({"state": ArtifactState.LIVE} | fields))


def event(artifact: int, execution: int, type: EventType, key: str = "") -> Event:
    """An event, under an argument where one is named."""
    path = (key, 0) if key else ()
    return Event(artifact_id=artifact, execution_id=execution, type=type, path=path)


def put(store: Store, **parts: Any) -> None:
    """Put a graph with the ids and times that it brings, and the types that its nodes are of."""
    for kind in Kind:
        known = {one.name for one in parts.get(f"{kind.value}_types", ())}
        names = {node.type for node in parts.get(f"{kind.value}s", ())} - known
        new = tuple(TYPE_CLASSES[kind](name=name) for name in sorted(names))
        parts[f"{kind.value}_types"] = (*parts.get(f"{kind.value}_types", ()), *new)
    store.put(Subgraph(**parts), PutOptions(restore=True))


def column(store: Store, question: str, *names: str, **values: Any) -> list[Any]:
    """Return some columns of an answer."""
    answer = ask(store, question, **values)
    places = [answer.columns.index(name) for name in names]
    rows = [tuple(row[place] for place in places) for row in answer.rows]
    return rows if len(names) > 1 else [row[0] for row in rows]


def test_only_what_was_deployed_is_called_deployed(store: Store) -> None:
    pushed = {"custom_properties": {"pushed": 1}}
    put(
        store,
        artifacts=(
            made(1, "Model", 1),
            made(2, "PushedModel", 2, **pushed),
            made(3, "PushedModel", 3, custom_properties={"pushed": 0}),
            made(4, "PushedModel", 4, state=ArtifactState.ABANDONED),
            made(5, "PushedModel", 5, custom_properties={"pushed": False}),
        ),
        executions=tuple(step(n, "Pusher", n, n + 1) for n in range(2, 6)),
        events=tuple(e for n in range(2, 6) for e in (event(1, n, IN), event(n, n, OUT))),
    )
    assert column(store, "deployments", "artifact", "model_artifact") == [(2, 1)]
    assert column(store, "deployed-from-artifact", "artifact", artifact=1) == [2]
    assert column(store, "models-from-artifact", "artifact", artifact=1) == []


def test_a_baseline_is_told_from_the_model_that_is_judged(store: Store) -> None:
    put(
        store,
        artifacts=(made(1, "Model", 1), made(2, "Report", 2), made(3, "Report", 3)),
        executions=(step(1, "Evaluator", 1, 2), step(2, "Evaluator", 2, 3)),
        events=(
            event(1, 1, IN, "baseline_model"),
            event(2, 1, OUT),
            event(1, 2, IN, "model"),
            event(3, 2, OUT),
        ),
    )
    found = column(store, "evaluations-of-model", "evaluation_artifact", "role", artifact=1)
    assert found == [(3, "model"), (2, "baseline_model")]


def test_what_was_given_up_is_not_the_latest(store: Store) -> None:
    put(
        store,
        artifacts=(
            made(1, "Model", 1),
            made(2, "Model", 2),
            made(3, "Model", 3, state=ArtifactState.ABANDONED),
        ),
        executions=(step(1, "Trainer", 1, 2),),
        contexts=(Context(id=1, type="run", name="r"),),
        events=(event(3, 1, OUT), event(2, 1, OUT)),
        associations=(Association(execution_id=1, context_id=1),),
        attributions=tuple(Attribution(artifact_id=n, context_id=1) for n in (1, 2, 3)),
    )
    assert column(store, "latest-artifacts", "artifact", type="Model") == [2, 1, 3]
    found = column(store, "models-trained-in-run", "artifact", "state", context=1)
    assert found == [(2, "LIVE"), (3, "ABANDONED")]


@pytest.mark.parametrize(
    ("value", "found"),
    [
        *((text, [1, 2]) for text in ("0.00001", "1e-5", "1e-05")),
        *((text, [3, 4]) for text in ("5", "5.0")),
        *((text, [5]) for text in ("true", "True")),
        ("1", []),
        ("adam", [6]),
        ("Adam", [7]),
        (None, [*range(1, 8)]),
    ],
)
def test_parameters_are_compared_by_value(
    store: Store, value: str | None, found: list[int]
) -> None:
    held = (0.00001, "1e-05", 5, 5.0, True, "adam", "Adam")
    put(
        store,
        executions=tuple(
            step(n, "Train", n, n, custom_properties={"p": one}) for n, one in enumerate(held, 1)
        ),
    )
    answer = ask(store, "executions-with-property", property="p", value=value)
    assert sorted(row[0] for row in answer.rows) == found


def test_a_declared_and_a_custom_parameter_of_one_name_are_both_found(store: Store) -> None:
    put(
        store,
        execution_types=(ExecutionType(name="Train", properties={"p": PropertyKind.INT}),),
        executions=(step(1, "Train", 1, 2, properties={"p": 1}, custom_properties={"p": 2}),),
    )
    for value in ("1", "2"):
        found = column(store, "executions-with-property", "value", property="p", value=value)
        assert found == [value]


def test_the_oldest_is_so_by_time_and_not_by_id(store: Store) -> None:
    put(
        store,
        artifacts=(made(1, "Table", 200, uri="s3://a/b"), made(2, "Table", 100, uri="s3://a/b")),
        executions=(
            step(1, "Train", 20, 30),
            step(2, "Train", 10, 15),
            step(3, "Train", 40, 41, last_known_state=CACHED),
        ),
        events=(event(1, 1, OUT), event(1, 2, OUT), event(1, 3, OUT)),
    )
    assert column(store, "duplicate-artifacts", "artifacts", "oldest_artifact") == [([2, 1], 2)]
    assert column(store, "cached-executions", "original_execution") == [2]


def test_a_run_counts_executions_and_not_events(store: Store) -> None:
    put(
        store,
        artifacts=(made(1, "Table", 1),),
        executions=(step(1, "Train", 1, 2),),
        contexts=(Context(id=1, type="run", name="r"),),
        events=(event(1, 1, IN, "a"), event(1, 1, EventType.DECLARED_INPUT, "a")),
        associations=(Association(execution_id=1, context_id=1),),
    )
    assert column(store, "runs-of-artifact", "reads", "writes", artifact=1) == [(1, 0)]


def test_properties_of_a_type_are_those_that_people_gave(store: Store) -> None:
    digest = {"sha256": "a" * 64, "md5": "b" * 32}
    put(store, artifacts=(made(1, "Table", 1, uri="s3://a/b", name="t", custom_properties=digest),))
    assert column(store, "properties-of-type", "property", type="Table") == ["md5", "sha256"]


def test_the_critical_path_ends_with_the_step_that_ended_last(store: Store) -> None:
    """Step 2 is the longest, but 3 was waited for; 4 waited for 3, its later input."""
    put(
        store,
        artifacts=tuple(made(n, "Table", n) for n in range(1, 5)),
        executions=(
            step(1, "Read", 1, 10),
            step(2, "Long", 10, 110),
            step(3, "Late", 100, 120),
            step(4, "Join", 120, 130),
            step(5, "Aside", 10, 125),
        ),
        contexts=(Context(id=1, type="run", name="r"),),
        events=(
            event(1, 1, OUT),
            event(1, 2, IN),
            event(1, 3, IN),
            event(1, 5, IN),
            event(2, 2, OUT),
            event(3, 3, OUT),
            event(2, 4, IN),
            event(3, 4, IN),
        ),
        associations=tuple(Association(execution_id=n, context_id=1) for n in range(1, 6)),
    )
    assert column(store, "critical-path", "execution", context=1) == [1, 3, 4]


def test_an_empty_answer_says_what_may_have_been_meant(store: Store) -> None:
    put(
        store,
        artifacts=(made(1, "Model", 1),),
        executions=(step(1, "Train", 1, 2),),
        contexts=(Context(id=1, type="pipeline", name="p"), Context(id=2, type="run", name="r")),
        parent_contexts=(ParentContext(child_id=2, parent_id=1),),
    )
    note = ask(store, "latest-artifacts", type="Modle").note
    assert note == "There is no type 'Modle'. Did you mean Model?"
    assert "Did you mean Model?" in ask(store, "latest-artifacts", type="model").note
    note = ask(store, "runs-of-pipeline", context=2).note
    assert note == (
        "Context 2 is of type run, and this is asked of pipelines. "
        "It is part of context 1, of type pipeline."
    )
    assert ask(store, "executions-of-run", context=1).note.endswith("this is asked of runs.")
    assert ask(store, "failed-after", execution=1).note == (
        "Execution 1 did not fail: its state is complete."
    )
    assert not ask(store, "latest-artifacts", type="Model").note
    assert not ask(store, "users-of-artifact", artifact=1).note
    with pytest.raises(InvalidArgument, match="7 to 64 characters"):
        ask(store, "at-commit", commit="012345")


def test_kinds_of_types_are_told_apart(store: Store) -> None:
    put(store, executions=(step(1, "Train", 1, 2),))
    found = ask(store, "properties-of-type", kind=Kind.ARTIFACT.value, type="Train")
    assert found.note.startswith("There is no type 'Train'.")
