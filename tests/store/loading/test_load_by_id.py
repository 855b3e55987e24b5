"""Dump and load: the whole store comes back, twice changes nothing, ids are mapped where they are taken."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from lineage_graph.model import (
    ENDS,
    Artifact,
    ArtifactState,
    Association,
    Attribution,
    BaseType,
    ColumnLineage,
    Context,
    Event,
    EventType,
    Execution,
    Kind,
    ParentContext,
    Proto,
    Ref,
    SameAs,
    Subgraph,
)
from lineage_graph.store import LoadResult, Store
from lineage_graph.store.reading import dump
from tests.conftest import empty
from tests.store.build import DATA, TYPES, put_artifact, put_context, put_execution

NODES = Subgraph(
    artifact_types=(DATA.model_copy(update={"version": "2", "base_type": BaseType.DATASET}),),
    artifacts=(
        Artifact(
            id=-1,
            type="Data",
            type_version="2",
            name="a\0b",
            uri="u",
            external_id="e",
            state=ArtifactState.LIVE,
            properties={"d": float("inf"), "p": Proto(type_url="t", value=b"\0\xff")},
            custom_properties={"x`y": {"deep": [1, 2.5, None]}},
        ),
        Artifact(id=-2, type="Data"),
    ),
    executions=(Execution(id=-1, type="Step", properties={"i": 2**63 - 1}),),
    contexts=(
        Context(id=-1, type="Run", name="run"),
        Context(id=-2, type="Run", name="pipeline"),
    ),
    events=(
        Event(artifact_id=-1, execution_id=-1, type=EventType.INPUT, path=("k", 3)),
        Event(artifact_id=-2, execution_id=-1, type=EventType.OUTPUT, milliseconds_since_epoch=7),
    ),
    attributions=(Attribution(artifact_id=-1, context_id=-1),),
    associations=(Association(execution_id=-1, context_id=-1),),
    parent_contexts=(ParentContext(child_id=-1, parent_id=-2),),
)


def fill(store: Store) -> None:
    store.put(TYPES)
    store.put(NODES)


def whole(batches: Iterable[Subgraph]) -> Subgraph:
    """All batches in one; nodes without their origin, which a load adds."""
    total = Subgraph()
    for batch in batches:
        total = total + batch
    changes: dict[str, Any] = {
        f"{kind.value}s": tuple(n.model_copy(update={"origin": None}) for n in total.nodes_of(kind))
        for kind in Kind
    }
    return total.model_copy(update=changes)


def reopened(store: Store) -> Store:
    """The same database without anything in it."""
    empty(store.settings)
    return Store.open(settings=store.settings)


def test_the_whole_store_comes_back(store: Store) -> None:
    fill(store)
    dumped = list(store.dump(batch=1))
    counts = store.counts()
    with reopened(store) as other:
        result = other.load(dumped, "backup")
        assert (result.nodes, result.links, result.new_links) == (5, 5, 5)
        assert whole(other.dump()) == whole(dumped)
        assert other.counts() == counts
        again = other.load(dumped, "backup")
        assert (again.created, again.updated, again.new_links) == (0, 0, 0)
        assert whole(other.dump()) == whole(dumped)
        assert put_artifact(other) == 3


def test_a_store_reads_its_own_backup(store: Store) -> None:
    fill(store)
    dumped = list(store.dump())
    own = f"store:{store.id}"
    again = store.load(dumped, own)
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)
    assert list(store.dump()) == dumped
    new = put_artifact(store, uri="since")
    store.put(Subgraph(artifacts=(Artifact(id=1, uri="changed"),)))
    again = store.load(dumped, own)
    assert (again.created, again.updated, again.new_links) == (0, 1, 0)
    assert store.get(Kind.ARTIFACT, [1]) == whole(dumped).artifacts[:1]
    assert store.get(Kind.ARTIFACT, [new])[0].origin is None


def test_a_change_in_the_source_is_a_change_here(store: Store) -> None:
    fill(store)
    dumped = whole(store.dump())
    with reopened(store) as other:
        other.load([dumped], "s")
        first = dumped.artifacts[0]
        changed = first.model_copy(update={"uri": "new", "last_update_time_since_epoch": 2**40})
        more = dumped.model_copy(update={"artifacts": (changed, *dumped.artifacts[1:])})
        result = other.load([more], "s")
        assert replace(result, nodes=0, links=0) == LoadResult(
            0, 0, created=0, updated=1, new_links=0
        )
        found = other.node(first.ref)
        assert isinstance(found, Artifact)
        assert (found.uri, found.last_update_time_since_epoch) == ("new", 2**40)


def test_ids_are_mapped_where_the_store_has_nodes(store: Store) -> None:
    fill(store)
    dumped = list(store.dump(batch=1))
    with reopened(store) as other:
        other.put(TYPES)
        put_context(other, "taken"), put_artifact(other), put_execution(other)
        other.load(dumped, "s")
        assert (other.counts().artifacts, other.counts().executions) == (3, 2)
        ids = other.lookup.by_origin(Kind.ARTIFACT, ["s:artifact:1", "s:artifact:2"])
        assert sorted(ids.values()) == [2, 3]
        walk = other.walk(Ref(Kind.ARTIFACT, ids["s:artifact:1"]), contexts=True)
        assert {node.ref for node in walk.graph.artifacts} == {
            Ref(Kind.ARTIFACT, i) for i in (2, 3)
        }
        assert [c.name for c in walk.graph.contexts] == ["run"]
        again = other.load(dumped, "s")
        assert (again.created, again.updated, again.new_links) == (0, 0, 0)


class Stopped(Exception):
    """Ends a load in the middle."""


def up_to(batches: list[Subgraph], count: int) -> Iterator[Subgraph]:
    yield from batches[:count]
    raise Stopped


def with_gaps(count: int) -> list[Subgraph]:
    """Artifacts whose ids are three apart, ten a batch, and links among them and executions."""
    ids = range(3, 3 * count + 1, 3)
    nodes = [Artifact(id=i, type="Data", name=f"a {i}", create_time_since_epoch=i) for i in ids]
    steps = [Execution(id=i + 1, type="Step") for i in ids]
    events = [
        Event(artifact_id=i, execution_id=i + 1, type=EventType.OUTPUT, milliseconds_since_epoch=i)
        for i in ids
    ]
    parts = {"artifacts": nodes, "executions": steps, "events": events}
    return [TYPES] + [
        Subgraph(**{name: tuple(items[start : start + 10])})
        for name, items in parts.items()
        for start in range(0, count, 10)
    ]


@pytest.mark.parametrize("count", range(1, 10))
def test_a_load_that_was_stopped_keeps_the_ids_when_it_goes_on(store: Store, count: int) -> None:
    batches = with_gaps(30)
    store.load(batches, "s")
    undisturbed = list(store.dump())
    with reopened(store) as other:
        with pytest.raises(Stopped):
            other.load(up_to(batches, count), "s")
        other._ids.take("artifact", 7)  # of a put that was killed with its process
        other.load(batches, "s")
        assert whole(other.dump()).artifacts == whole(undisturbed).artifacts
        assert [e.id for e in whole(other.dump()).executions] == list(range(4, 92, 3))
        assert whole(other.dump()).events == whole(undisturbed).events


def test_an_id_that_another_takes_during_a_load(store: Store) -> None:
    batches = with_gaps(30)

    def disturbed() -> Iterator[Subgraph]:
        for number, batch in enumerate(batches):
            if number == 3:  # the next of the sequence is the first of the batch after
                store.put(Subgraph(artifacts=tuple(Artifact(type="Data") for _ in range(9))))
            yield batch

    store.put(TYPES)
    result = store.load(disturbed(), "s")
    assert (result.nodes, result.links) == (60, 30)
    assert (store.counts().artifacts, store.counts().events) == (39, 30)
    assert len({node.name for node in store.get(Kind.ARTIFACT, range(400))}) == 31


def test_names_that_are_taken_get_the_source_added(store: Store) -> None:
    named = Subgraph(
        artifact_types=(DATA.model_copy(update={"id": 5}),),
        artifacts=(
            Artifact(id=7, type="Data", type_id=5, name="train"),
            Artifact(id=8, type="Data", type_id=5, name="test"),
        ),
    )
    store.put(named.model_copy(update={"artifacts": (Artifact(type="Data", name="train"),)}))
    store.load([named], "mlmd:one")
    assert store.load([named], "mlmd:two").created == 2
    again = store.load([named], "mlmd:two")
    assert (again.created, again.updated) == (0, 0)
    assert [a.name for a in store.get(Kind.ARTIFACT, range(1, 9))] == [
        "train",
        "train (mlmd:one)",
        "test",
        "train (mlmd:two)",
        "test (mlmd:two)",
    ]


def test_a_name_that_is_taken_with_the_source_added_gets_the_origin(store: Store) -> None:
    taken = (Artifact(type="Data", name="train"), Artifact(type="Data", name="train (s)"))
    store.put(Subgraph(artifact_types=(DATA,), artifacts=taken))
    loaded = Subgraph(
        artifact_types=(DATA.model_copy(update={"id": 5}),),
        artifacts=(Artifact(id=7, type_id=5, name="train"), Artifact(id=8, type_id=5, name="x")),
    )
    for created in (2, 0):
        assert store.load([loaded], "s").created == created
    assert [a.name for a in store.get(Kind.ARTIFACT, (3, 4))] == ["train (s:artifact:7)", "x"]


def test_progress_is_told(store: Store) -> None:
    fill(store)
    dumped = list(store.dump())
    told: list[int] = []
    with reopened(store) as other:
        other.load(dumped, "s", told.append)
    assert sum(told) == 10
    assert len(told) == 1  # a small source goes in whole


def test_an_empty_store_dumps_to_nothing(store: Store) -> None:
    assert not any(store.dump())


@pytest.mark.parametrize("limit", [0, 1, 2])
def test_nodes_with_many_links_are_read_from_their_other_ends(
    store: Store, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(store)
    pair = (Artifact(id=1), Artifact(id=2))
    more = Subgraph(
        artifacts=pair,
        same_as=(SameAs(artifact_id=2, other_id=1, by="told"),),
        columns=(ColumnLineage(source_id=1, source_column="a", target_id=2, target_column="b"),),
    )
    store.put(more)
    expected = whole(store.dump())
    monkeypatch.setattr(dump, "_MAX_LINKS", limit)
    found = whole(store.dump(batch=1))
    for name in Subgraph.model_fields:
        key = str if name in ENDS else None
        assert sorted(getattr(found, name), key=key or (lambda n: n.id)) == sorted(
            getattr(expected, name), key=key or (lambda n: n.id)
        ), name
    assert len(found.events) == 2
    assert len(found.same_as) == len(found.columns) == 1


def test_what_comes_meanwhile_is_left_out(store: Store) -> None:
    """Also where its ids are smaller than some that were written: each writer has ids of its own."""
    fill(store)
    with (
        Store.open(settings=store.settings) as first,
        Store.open(settings=store.settings) as second,
    ):
        for _ in range(5):  # ids are given out by more and more
            early = put_artifact(first, uri="before")
        late = put_artifact(second, uri="before")
        parts = store.dump(batch=1)
        seen = [next(parts) for _ in range(8)]  # types, contexts and some artifacts
        between = put_artifact(first, uri="meanwhile")
        newest = put_artifact(second, uri="meanwhile")
        assert between < late < newest
        links = tuple(
            Event(artifact_id=one, execution_id=1, type=EventType.INPUT)
            for one in (early, between, newest)
        )
        store.put(Subgraph(executions=(Execution(id=1),), events=links))
        seen += parts
    backup = whole(seen)
    there = {artifact.id for artifact in backup.artifacts}
    assert {1, 2, early, late} <= there
    assert newest not in there
    assert {event.artifact_id for event in backup.events} <= there
    with reopened(store) as other:
        other.load(seen, "backup")  # refuses a link without its nodes
