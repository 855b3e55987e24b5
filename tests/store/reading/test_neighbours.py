"""What is one event away from a node: counted whole, searched, sorted out, page by page."""

from __future__ import annotations

from typing import Any

import pytest

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import Artifact, Event, EventType, Execution, ExecutionState, Kind, Ref
from lineage_graph.model.graph import Subgraph
from lineage_graph.store import Direction, NeighbourPage, NeighbourQuery, Store
from tests.store.build import with_types

DATA = Ref(Kind.ARTIFACT, 1)


@pytest.fixture
def fan(store: Store) -> Store:
    """One artifact and 25 executions that read it, some of them twice over; every fifth failed."""
    with_types(store)
    executions = tuple(
        Execution(
            id=-2 - n,
            type="Step",
            name=f"train-{n}",
            last_known_state=ExecutionState.FAILED if n % 5 == 0 else ExecutionState.COMPLETE,
        )
        for n in range(25)
    )
    events = [Event(artifact_id=-1, execution_id=-2 - n, type=EventType.INPUT) for n in range(25)]
    again = [
        Event(artifact_id=-1, execution_id=-2 - n, type=EventType.DECLARED_INPUT) for n in range(9)
    ]
    store.put(
        Subgraph(
            artifacts=(Artifact(id=-1, type="Data"),),
            executions=executions,
            events=(*events, *again),
        )
    )
    return store


def near(store: Store, ref: Ref, direction: Direction, **wanted: Any) -> NeighbourPage:
    return store.pages.beside(NeighbourQuery(ref, direction, **wanted))


def test_each_neighbour_once_page_by_page(fan: Store) -> None:
    first = near(fan, DATA, Direction.DOWNSTREAM, limit=10)
    assert (first.total, first.matching, first.types) == (25, 25, {"Step": 25})
    assert first.states == {"COMPLETE": 20, "FAILED": 5}
    ids = [node.ref.id for node in first.nodes]
    after = first.next
    while after is not None:
        page = near(fan, DATA, Direction.DOWNSTREAM, limit=10, after=after)
        ids += [node.ref.id for node in page.nodes]
        assert page.total == 25
        after = page.next
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 25
    assert first.nodes[0].name == "train-24"
    assert first.nodes[0].time


def test_what_matches_is_counted_by_what_else_there_is(fan: Store) -> None:
    found = near(fan, DATA, Direction.DOWNSTREAM, text="TRAIN-1", state="FAILED")
    assert {node.name for node in found.nodes} == {"train-10", "train-15"}
    assert (found.total, found.matching) == (25, 2)
    assert found.states == {"COMPLETE": 9, "FAILED": 2}  # what another state would find
    assert found.types == {"Step": 2}
    assert near(fan, DATA, Direction.DOWNSTREAM, text="step", limit=1).matching == 25
    assert near(fan, DATA, Direction.DOWNSTREAM, type="Other").matching == 0
    assert near(fan, DATA, Direction.DOWNSTREAM, text="'%_\\").nodes == ()


def test_upstream_and_nothing(fan: Store) -> None:
    assert near(fan, DATA, Direction.UPSTREAM).total == 0
    found = near(fan, Ref(Kind.EXECUTION, 3), Direction.UPSTREAM)
    assert [node.ref for node in found.nodes] == [DATA]
    with pytest.raises(NotFound):
        near(fan, Ref(Kind.ARTIFACT, 99), Direction.UPSTREAM)
    with pytest.raises(InvalidArgument):
        near(fan, DATA, Direction.BOTH)
