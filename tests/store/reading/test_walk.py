"""Walks: the same nodes and distances as networkx finds, limits that say so, no path by path."""

from __future__ import annotations

import time
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage_graph.errors import InvalidArgument, NotFound
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Attribution,
    Event,
    EventType,
    Kind,
    Ref,
    Subgraph,
)
from lineage_graph.store import Direction, StopAt, Store
from tests.conftest import empty
from tests.store.build import put_artifact, put_context, put_execution, put_graph, with_types

A, E = Kind.ARTIFACT, Kind.EXECUTION
Edge = tuple[int, int, bool]
WAYS = list(Direction)


@st.composite
def graphs(draw: st.DrawFn) -> tuple[int, int, list[Edge]]:
    """Random bipartite graphs; half of them without cycles: edges then follow a fixed order of nodes."""
    artifacts, executions = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    pair = st.tuples(st.integers(0, artifacts - 1), st.integers(0, executions - 1), st.booleans())
    edges = draw(st.lists(pair, max_size=40))
    if draw(st.booleans()):
        edges = [(a, e, a / artifacts <= e / executions) for a, e, _ in edges]
    return artifacts, executions, edges


def as_networkx(artifacts: int, executions: int, edges: list[Edge]) -> Any:
    graph = nx.DiGraph()
    graph.add_nodes_from(Ref(A, n + 1) for n in range(artifacts))
    graph.add_nodes_from(Ref(E, n + 1) for n in range(executions))
    for artifact, execution, is_input in edges:
        ends = (Ref(A, artifact + 1), Ref(E, execution + 1))
        graph.add_edge(*(ends if is_input else reversed(ends)))
    return graph


def towards(graph: Any, direction: Direction) -> Any:
    if direction is Direction.UPSTREAM:
        return graph.reverse()
    return graph.to_undirected() if direction is Direction.BOTH else graph


def distances(
    graph: Any, starts: list[Ref], direction: Direction, stops: set[Ref]
) -> dict[Ref, int]:
    """Breadth first by hand on networkx: stops are reached and not gone beyond."""
    way = towards(graph, direction)
    pruned = way.copy()
    pruned.remove_edges_from([(s, n) for s in stops for n in way[s]] if way.is_directed() else [])
    if not way.is_directed():
        pruned = way.to_directed()
        pruned.remove_edges_from([(s, n) for s in stops for n in way[s]])
    return dict(nx.multi_source_dijkstra_path_length(pruned, set(starts), weight=None))


@settings(max_examples=12)
@given(graph=graphs(), data=st.data())
def test_walks_as_networkx_does(
    store: Store, graph: tuple[int, int, list[Edge]], data: st.DataObject
) -> None:
    empty(store.settings)
    with Store.open(settings=store.settings) as fresh:
        put_graph(fresh, *graph)
        oracle = as_networkx(*graph)
        nodes = sorted(oracle.nodes)
        for direction in WAYS:
            starts = data.draw(st.lists(st.sampled_from(nodes), min_size=1, max_size=2))
            stops = set(data.draw(st.lists(st.sampled_from(nodes), max_size=2)))
            hops = data.draw(st.none() | st.integers(0, 6))
            stop_at = StopAt(refs=tuple(stops)) if stops else None
            walk = fresh.walk(starts, direction, hops, stop_at=stop_at)
            expected = distances(oracle, starts, direction, stops)
            within = {r: d for r, d in expected.items() if hops is None or d <= hops}
            assert set(walk.depth) == set(within)
            assert set(walk.depth) == {node.ref for node in walk.graph.nodes}
            if not stops:
                assert walk.depth == within
            assert walk.truncated == (len(within) < len(expected))
            assert walk.reason == ("hops" if walk.truncated else "")
            reached = set(within)
            inside = {(s, t) for s, t in oracle.edges if s in reached and t in reached}
            assert {ends(event) for event in walk.graph.events} == inside


def ends(event: Event) -> tuple[Ref, Ref]:
    artifact, execution = Ref(A, event.artifact_id), Ref(E, event.execution_id)
    return (artifact, execution) if event.type.is_input else (execution, artifact)


@settings(max_examples=8)
@given(graph=graphs(), limit=st.integers(1, 10))
def test_a_limit_keeps_the_nearest(
    store: Store, graph: tuple[int, int, list[Edge]], limit: int
) -> None:
    empty(store.settings)
    with Store.open(settings=store.settings) as fresh:
        put_graph(fresh, *graph)
        start = Ref(A, 1)
        expected = distances(as_networkx(*graph), [start], Direction.BOTH, set())
        walk = fresh.walk(start, Direction.BOTH, node_limit=limit)
        assert len(walk.graph) == min(limit, len(expected))
        assert walk.truncated == (limit < len(expected))
        assert walk.reason == ("nodes" if walk.truncated else "")
        nearest = sorted(expected.values())[: len(walk.graph)]
        assert sorted(expected[node.ref] for node in walk.graph.nodes) == nearest


def ladder(rungs: int) -> tuple[int, int, list[Edge]]:
    """Diamonds in a row: one artifact, two executions, one artifact …; 2 ** rungs paths."""
    edges: list[Edge] = []
    for rung in range(rungs):
        for side in (0, 1):
            edges += [(rung, 2 * rung + side, True), (rung + 1, 2 * rung + side, False)]
    return rungs + 1, 2 * rungs, edges


def test_a_ladder_of_diamonds_with_2_to_the_40_paths(store: Store) -> None:
    rungs = 40
    put_graph(store, *ladder(rungs))
    total = 3 * rungs + 1
    walks = [
        (Ref(A, 1), Direction.DOWNSTREAM, None, None),
        (Ref(A, rungs + 1), Direction.UPSTREAM, None, None),
        (Ref(A, rungs // 2), Direction.BOTH, None, None),
        (Ref(A, 1), Direction.DOWNSTREAM, 1000, None),
        (Ref(A, 1), Direction.DOWNSTREAM, None, StopAt(types=("Nothing",))),
    ]
    for start, direction, hops, stop_at in walks:
        began = time.perf_counter()
        walk = store.walk(start, direction, hops, stop_at=stop_at)
        took = time.perf_counter() - began
        assert len(walk.graph) == total
        assert len(walk.graph.events) == 4 * rungs
        assert not walk.truncated
        assert took < 5, f"{direction.value}: {took * 1000:.0f} ms"
    for hops in (1, 2, 3, 30, 79):
        began = time.perf_counter()
        walk = store.walk(Ref(A, 1), Direction.DOWNSTREAM, hops)
        assert time.perf_counter() - began < 5
        assert max(walk.depth.values()) == hops
        assert walk.reason == "hops"
    began = time.perf_counter()
    cut = store.walk(Ref(A, 1), Direction.DOWNSTREAM, node_limit=20)
    assert time.perf_counter() - began < 5
    assert (len(cut.graph), cut.reason) == (20, "nodes")


def test_a_long_chain(store: Store) -> None:
    length = 600
    edges = [edge for n in range(length) for edge in ((n, n, True), (n + 1, n, False))]
    put_graph(store, length + 1, length, edges)
    walk = store.walk(Ref(A, 1), Direction.DOWNSTREAM)
    assert max(walk.depth.values()) == 2 * length
    assert store.walk(Ref(A, length + 1), Direction.UPSTREAM, 2 * length).truncated is False
    assert store.walk(Ref(A, length + 1), Direction.UPSTREAM, 2 * length - 1).reason == "hops"


def test_stopping_at_types(store: Store) -> None:
    with_types(store)
    store.put(Subgraph(artifact_types=(ArtifactType(name="Model"),)))
    put_artifact(store), put_artifact(store, type="Model"), put_artifact(store)
    put_execution(store), put_execution(store)
    chain = [(1, 1, True), (2, 1, False), (2, 2, True), (3, 2, False)]
    store.put(
        Subgraph(
            events=tuple(
                Event(
                    artifact_id=a, execution_id=e, type=EventType.INPUT if i else EventType.OUTPUT
                )
                for a, e, i in chain
            )
        )
    )
    stopped = store.walk(Ref(A, 1), Direction.DOWNSTREAM, stop_at=StopAt(types=("Model",)))
    assert set(stopped.depth) == {Ref(A, 1), Ref(E, 1), Ref(A, 2)}
    assert (stopped.truncated, stopped.reason) == (False, "")
    assert len(store.walk(Ref(A, 2), stop_at=StopAt(types=("Model",))).graph) == 1


def test_contexts_come_when_asked_for(store: Store) -> None:
    with_types(store)
    put_artifact(store), put_context(store, "c"), put_context(store, "unrelated")
    store.put(Subgraph(attributions=(Attribution(artifact_id=1, context_id=1),)))
    assert store.walk(Ref(A, 1)).graph.contexts == ()
    walk = store.walk(Ref(A, 1), contexts=True)
    assert [c.id for c in walk.graph.contexts] == [1]
    assert walk.graph.attributions == (Attribution(artifact_id=1, context_id=1),)


def test_walks_that_cannot_be(store: Store) -> None:
    with_types(store)
    put_artifact(store), put_context(store, "c")
    with pytest.raises(InvalidArgument, match="hops"):
        store.walk(Ref(A, 1), hops=-1)
    with pytest.raises(InvalidArgument, match="at least one node"):
        store.walk(Ref(A, 1), node_limit=0)
    with pytest.raises(InvalidArgument, match="no events"):
        store.walk(Ref(Kind.CONTEXT, 1))
    with pytest.raises(NotFound, match="execution with the id 1"):
        store.walk(Ref(E, 1))
    assert store.walk(Ref(A, 1), hops=0).depth == {Ref(A, 1): 0}
    assert isinstance(store.walk(Ref(A, 1)).graph.artifacts[0], Artifact)
