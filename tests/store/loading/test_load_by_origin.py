"""Sources whose records have keys of their own: again changes nothing, more adds what is new."""

from __future__ import annotations

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import EventType, Execution, ExecutionState, Kind, Subgraph
from lineage_graph.store import Find, KnownSource, Store


def run_of(state: ExecutionState, moment: int, **properties: int) -> Subgraph:
    """One account of a step that reads one artifact in one run."""
    gathering = SubgraphBuilder()
    run = gathering.context("t:run", "run", "monday")
    data = gathering.artifact("t:data", "Dataset", name="train", uri="data/train.csv")
    step = gathering.execution(
        "t:step", "Train", state=state, properties=properties, created=moment, updated=moment
    )
    gathering.event(step, data, EventType.INPUT, ("examples",), at=moment)
    gathering.associate(step, run)
    return gathering.take()


def step_of(store: Store) -> Execution:
    (found,) = store.find(Find(kind=Kind.EXECUTION)).nodes
    assert isinstance(found, Execution)
    return found


@pytest.mark.parametrize("late_first", [False, True])
def test_two_accounts_of_a_step_are_one(store: Store, late_first: bool) -> None:
    told = [
        run_of(ExecutionState.RUNNING, 1000, epochs=5),
        run_of(ExecutionState.COMPLETE, 3000, steps=70),
    ]
    for batch in reversed(told) if late_first else told:
        store.load_keyed([batch], "t")
    step = step_of(store)
    assert step.last_known_state is ExecutionState.COMPLETE
    assert step.custom_properties == {"epochs": 5, "steps": 70}
    assert (step.create_time_since_epoch, step.last_update_time_since_epoch) == (1000, 3000)
    counts = store.counts()
    assert (counts.artifacts, counts.executions, counts.contexts) == (1, 1, 1)
    assert (counts.events, counts.associations) == (1, 1)
    again = store.load_keyed(told, "t")
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)


def test_a_later_reading_may_name_what_an_earlier_one_brought(store: Store) -> None:
    store.load_keyed([run_of(ExecutionState.COMPLETE, 1000)], "t")
    gathering = SubgraphBuilder()
    data = gathering.stored(Kind.ARTIFACT, "t:data")
    step = gathering.execution("t:other", "Train", state=ExecutionState.COMPLETE)
    gathering.event(step, data, EventType.INPUT)
    result = store.load_keyed([gathering.take()], "t")
    assert (result.created, result.new_links) == (1, 1)
    assert len(store.events(Kind.ARTIFACT, [1])) == 2
    gathering.event(gathering.stored(Kind.EXECUTION, "t:none"), data, EventType.INPUT)
    with pytest.raises(InvalidArgument, match="t:none"):
        store.load_keyed([gathering.take()], "t")


def test_a_name_that_is_taken_gets_the_source_added(store: Store) -> None:
    for source in ("one", "two"):
        gathering = SubgraphBuilder()
        gathering.artifact(f"{source}:data", "Dataset", name="train")
        store.load_keyed([gathering.take()], source)
    names = {node.name for node in store.find(Find(kind=Kind.ARTIFACT)).nodes}
    assert names == {"train", "train (two)"}


def test_only_the_names_that_are_taken_change(store: Store) -> None:
    store.load_keyed([run_of(ExecutionState.COMPLETE, 1000)], "t")
    gathering = SubgraphBuilder()
    for origin, name in (("a", "train"), ("b", "train"), ("c", "test"), ("d", "test"), ("e", "x")):
        gathering.artifact(f"u:{origin}", "Dataset", name=name)
    read = [gathering.take()]
    result = store.load_keyed(read, "u")
    assert (result.nodes, result.created) == (5, 5)
    names = {n.origin: n.name for n in store.find(Find(kind=Kind.ARTIFACT)).nodes}
    assert names == {
        "t:data": "train",
        "u:a": "train (u)",
        "u:b": "train (u:b)",
        "u:c": "test",
        "u:d": "test (u)",
        "u:e": "x",
    }
    again = store.load_keyed(read, "u")
    assert (again.created, again.updated) == (0, 0)


def test_contexts_of_one_name_that_are_several_stay_several(store: Store) -> None:
    for source in ("one", "two"):
        gathering = SubgraphBuilder()
        gathering.context(f"{source}:0", "experiment", "Default", properties={"of": source})
        first = gathering.take()
        step = gathering.execution(f"{source}:step", "Train")
        gathering.associate(step, gathering.stored(Kind.CONTEXT, f"{source}:0"))
        store.load_keyed([first, gathering.take()], source)
    found = store.find(Find(kind=Kind.CONTEXT)).nodes
    told = {(node.name, node.custom_properties["of"]) for node in found}
    assert told == {("Default", "one"), ("Default (two)", "two")}


def test_sources_are_remembered(store: Store) -> None:
    assert store.sources() == ()
    source = KnownSource(
        key="t",
        format="dvc",
        address="repo",
        cursor="abc",
        nodes=3,
        skipped={"plots": 2},
        read_at=5,
    )
    store.lookup.note_source(source.model_copy(update={"cursor": "old"}))
    store.lookup.note_source(source)
    assert store.sources() == (source,)
