"""Lineages between filters: what networkx reaches level by level, endings in and out, no path by path."""

from __future__ import annotations

import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import (
    Attribution,
    Context,
    ContextType,
    EventType,
    Kind,
    ParentContext,
    Ref,
    Subgraph,
)
from lineage_graph.store import Direction, Ending, Lineage, LineageEvent, Store
from lineage_graph.store.reading import lineage_subgraph
from tests.conftest import empty
from tests.store.build import put_artifact, put_context, put_graph, with_types
from tests.store.reading.test_walk import Edge, as_networkx, graphs, ladder, towards

A, E = Kind.ARTIFACT, Kind.EXECUTION


def expected(
    graph: Any, starts: set[Ref], direction: Direction, hops: int, stops: set[Ref], included: bool
) -> tuple[set[Ref], set[tuple[Ref, Ref]]]:
    """Levels by hand: every node gone from, its edges, and their far ends but for endings left out."""
    way = towards(graph, direction)
    kept = lambda ref: included or ref not in stops  # noqa: E731
    reached = {ref for ref in starts if kept(ref)}
    edges: set[frozenset[Ref]] = set()
    frontier = {ref for ref in reached if ref not in stops}
    for _ in range(hops):
        found = {(near, far) for near in frontier for far in way[near] if kept(far)}
        edges |= {frozenset(pair) for pair in found}
        fresh = {far for _, far in found} - reached
        reached |= fresh
        frontier = {ref for ref in fresh if ref not in stops}
    return reached, {edge for edge in graph.edges if frozenset(edge) in edges}


def ends_of(event: LineageEvent) -> tuple[Ref, Ref]:
    execution, artifact, event_type, *_ = event
    ends = Ref(A, artifact), Ref(E, execution)
    return ends if EventType(event_type).is_input else ends[::-1]


def one_of(ids: set[int]) -> str:
    return f"id IN ({', '.join(map(str, sorted(ids)))})" if ids else "id = -1"


@settings(max_examples=15)
@given(graph=graphs(), data=st.data())
def test_lineages_as_levels_by_hand(
    store: Store, graph: tuple[int, int, list[Edge]], data: st.DataObject
) -> None:
    # An edge each way between the same two nodes would be two events the oracle cannot tell apart.
    pairs = {(artifact, execution): is_input for artifact, execution, is_input in graph[2]}
    graph = (graph[0], graph[1], [(a, e, is_input) for (a, e), is_input in pairs.items()])
    empty(store.settings)
    with Store.open(settings=store.settings) as fresh:
        put_graph(fresh, *graph)
        oracle = as_networkx(*graph)
        nodes = sorted(oracle.nodes)
        for direction in Direction:
            kind = data.draw(st.sampled_from([A, E]))
            own = [ref for ref in nodes if ref.kind is kind]
            starts = set(data.draw(st.lists(st.sampled_from(own), min_size=1, max_size=3)))
            stops = set(data.draw(st.lists(st.sampled_from(nodes), max_size=3)))
            hops = data.draw(st.integers(0, 6))
            included = data.draw(st.booleans())
            found = fresh.lineage_subgraph(
                kind,
                one_of({ref.id for ref in starts}),
                direction,
                hops,
                endings={
                    k: Ending(one_of({r.id for r in stops if r.kind is k}), included)
                    for k in {r.kind for r in stops}
                },
            )
            reached, edges = expected(oracle, starts, direction, hops, stops, included)
            artifacts, executions = (
                {Ref(k, i) for i in getattr(found, f"{k.value}s")} for k in (A, E)
            )
            assert artifacts | executions == reached
            assert {ends_of(event) for event in found.events} == edges
            assert len(found.events) == len(edges)


@pytest.mark.parametrize("most", [5000, 3])
def test_a_ladder_of_diamonds_is_not_walked_by_paths(
    store: Store, monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    monkeypatch.setattr(lineage_subgraph, "_MOST_AT_ONCE", most)  # beyond, it goes level by level
    put_graph(store, *ladder(40))
    started = time.monotonic()
    for direction in (Direction.UPSTREAM, Direction.BOTH):
        found = store.lineage_subgraph(A, "id = 41", direction, 100)
        assert len(found.events) == 160
    assert time.monotonic() - started < 5  # path by path it would be for ever


def test_the_last_hop_brings_its_nodes_but_not_their_events(store: Store) -> None:
    put_graph(store, *ladder(4))
    store.put(Subgraph(context_types=(ContextType(name="Run"),)))
    put_context(store, "around")
    store.put(Subgraph(attributions=(Attribution(artifact_id=3, context_id=1),)))
    found = store.lineage_subgraph(A, "id = 1", Direction.DOWNSTREAM, 4)
    assert found.artifacts == (1, 2, 3)
    assert found.executions == (1, 2, 3, 4)
    assert len(found.events) == 8
    assert found.attributions == ((3, 1),)


def test_contexts_and_types_come_along(store: Store) -> None:
    with_types(store)
    artifact, context, other = put_artifact(store), put_context(store, "a"), put_context(store, "b")
    alone = put_artifact(store)
    put_context(store, "of nothing")
    links = ((artifact, context), (artifact, other), (alone, other))
    store.put(
        Subgraph(attributions=tuple(Attribution(artifact_id=a, context_id=c) for a, c in links))
    )
    found = store.lineage_subgraph(A, f"id = {artifact}", hops=1)
    assert found.contexts == (context, other)
    assert found.attributions == links[:2]
    assert {known.name for known in found.artifact_types} >= {"Data", "mlmd.Dataset"}
    only = store.lineage_subgraph(A, f"id = {artifact}", hops=1, parts=["artifacts"])
    assert only == Lineage(artifacts=found.artifacts)


def test_nothing_to_start_from(store: Store) -> None:
    with_types(store)
    with pytest.raises(NotFound, match="No artifact to start from"):
        store.lineage_subgraph(A, "name = 'nobody'")
    with pytest.raises(InvalidArgument, match="filter_query"):
        store.lineage_subgraph(A, "name =")


def test_neighbours_by_id(store: Store) -> None:
    put_graph(store, 2, 1, [(0, 0, True), (1, 0, False)])
    store.put(Subgraph(context_types=(ContextType(name="Run"),)))
    parent, child = put_context(store, "parent"), put_context(store, "child")
    store.put(Subgraph(parent_contexts=(ParentContext(child_id=child, parent_id=parent),)))
    assert [event.artifact_id for event in store.events(E, [1, 1, 9])] == [1, 2]
    assert [event.artifact_id for event in store.events(A, [2])] == [2]
    (up,) = store.contexts_of(Kind.CONTEXT, [child, parent])[child]
    assert isinstance(up, Context)
    assert up.name == "parent"
    assert {
        of: [c.id for c in cs] for of, cs in store.pages.children_of([child, parent]).items()
    } == {parent: [child]}
