"""Walks as networkx does them, on random graphs; every question on a ladder of diamonds."""

from __future__ import annotations

import time
from typing import Any

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    ParentContext,
    Ref,
    Subgraph,
)
from lineage_graph.questions import ask, load_questions
from lineage_graph.questions.topological_order import topological
from lineage_graph.store import Answer, Store
from tests.conftest import empty

RUNGS = 40
Edge = tuple[int, int, bool]


def build(artifacts: int, executions: int, edges: list[Edge]) -> Subgraph:
    """A run of executions, each longer and later than the one before, and a chain of contexts."""
    kinds = {True: EventType.INPUT, False: EventType.OUTPUT}
    return Subgraph(
        artifact_types=(ArtifactType(name="Dataset"), ArtifactType(name="Model")),
        execution_types=(ExecutionType(name="Train"),),
        context_types=(ContextType(name="run"),),
        artifacts=tuple(
            Artifact(id=-n - 1, type="Model" if n % 3 == 2 else "Dataset") for n in range(artifacts)
        ),
        executions=tuple(
            Execution(
                id=-n - 1,
                type="Train",
                last_known_state=ExecutionState.FAILED if n % 4 == 3 else ExecutionState.COMPLETE,
            )
            for n in range(executions)
        ),
        contexts=(Context(id=-1, type="run", name="run"),),
        events=tuple(
            Event(artifact_id=-a - 1, execution_id=-e - 1, type=kinds[is_input])
            for a, e, is_input in dict.fromkeys(edges)
        ),
        associations=tuple(
            Association(execution_id=-n - 1, context_id=-1) for n in range(executions)
        ),
        attributions=tuple(
            Attribution(artifact_id=-n - 1, context_id=-1) for n in range(artifacts)
        ),
    )


@st.composite
def graphs(draw: st.DrawFn) -> Subgraph:
    """Random graphs; half of them without circles."""
    artifacts, executions = draw(st.integers(2, 10)), draw(st.integers(1, 8))
    pair = st.tuples(st.integers(0, artifacts - 1), st.integers(0, executions - 1), st.booleans())
    edges = draw(st.lists(pair, max_size=30))
    if draw(st.booleans()):
        edges = [(a, e, a / artifacts <= e / executions) for a, e, _ in edges]
    return build(artifacts, executions, edges)


def as_networkx(graph: Subgraph) -> Any:
    flow: Any = nx.DiGraph()
    flow.add_nodes_from(
        (node.ref, {"type": node.type}) for node in (*graph.artifacts, *graph.executions)
    )
    for event in graph.events:
        ends = Ref(Kind.ARTIFACT, event.artifact_id), Ref(Kind.EXECUTION, event.execution_id)
        flow.add_edge(*(ends if event.type.is_input else ends[::-1]))
    return flow


def stored(store: Store) -> Any:
    """What the store holds, read back whole."""
    whole = Subgraph()
    for batch in store.dump():
        whole = whole + batch
    return as_networkx(whole)


def refs(answer: Answer, hops: str = "hops") -> dict[Ref, int]:
    """Which node is how far away, in the rows of an answer."""
    found = {}
    for row in answer.rows:
        cells = dict(zip(answer.columns, row, strict=True))
        kind = Kind.ARTIFACT if cells.get("artifact") is not None else Kind.EXECUTION
        found[Ref(kind, cells[kind.value])] = cells[hops]
    return found


def near(flow: Any, start: Ref) -> dict[Ref, int]:
    return dict(nx.single_source_shortest_path_length(flow, start))


@settings(max_examples=10)
@given(graph=graphs())
def test_random_graphs_as_networkx_does(store: Store, graph: Subgraph) -> None:
    empty(store.settings)
    with Store.open(settings=store.settings) as fresh:
        fresh.put(graph)
        flow = stored(fresh)
        back = flow.reverse()
        artifacts = sorted(ref for ref in flow if ref.kind is Kind.ARTIFACT)
        one, other = artifacts[0], artifacts[-1]
        up, down = near(back, other), near(flow, one)

        lineage = ask(fresh, "lineage_of_artifact", artifact=one.id)
        assert lineage.graph is not None
        assert {node.ref for node in lineage.graph.nodes} == {*near(back, one), *down}

        impact = refs(ask(fresh, "impact_of_artifact", artifact=one.id))
        assert impact == {ref: hops for ref, hops in down.items() if ref != one}

        models = refs(ask(fresh, "models_from_artifact", artifact=one.id))
        assert models == {ref: h for ref, h in impact.items() if flow.nodes[ref]["type"] == "Model"}

        sources = refs(ask(fresh, "sources_of_artifact", artifact=other.id))
        assert sources == {
            ref: hops
            for ref, hops in up.items()
            if ref.kind is Kind.ARTIFACT and not any(flow.pred[m] for m in flow.pred[ref])
        }

        common = ask(fresh, "common_ancestors", one_artifact=one.id, other_artifact=other.id)
        both = near(back, one).keys() & up.keys()
        assert refs(common, "hops_from_other") == {ref: up[ref] for ref in both}
        farther = {before for ref in both for before in flow.pred[ref]}
        farther |= {before for ref in farther for before in near(back, ref)}
        nearest = {ref for ref, is_nearest in refs(common, "nearest").items() if is_nearest}
        assert nearest == both - farther

        check_path(fresh, flow, one, other)
        check_trainings(fresh, flow, one)


def check_path(store: Store, flow: Any, one: Ref, other: Ref) -> None:
    """The path is as short as it can be, and there is one where there can be."""
    for direction, ways in (
        ("flow", [flow, flow.reverse()]),
        ("any", [flow, flow.reverse(), flow.to_undirected()]),
    ):
        answer = ask(
            store,
            "path_between_artifacts",
            from_artifact=one.id,
            to_artifact=other.id,
            direction=direction,
        )
        way = next((way for way in ways if nx.has_path(way, one, other)), None)
        if way is None:
            assert not answer.graph
            continue
        assert answer.graph is not None
        assert len(answer.graph) == nx.shortest_path_length(way, one, other) + 1


def check_trainings(store: Store, flow: Any, start: Ref) -> None:
    """All trainings downstream, none before another it builds on (where data flows in no circle)."""
    answer = ask(store, "retrain_if_withdrawn", artifact=start.id)
    order = [Ref(Kind.EXECUTION, row[1]) for row in answer.rows]
    assert set(order) == {ref for ref in near(flow, start) if ref.kind is Kind.EXECUTION}
    if nx.is_directed_acyclic_graph(flow):
        for position, ref in enumerate(order):
            assert not nx.ancestors(flow, ref) & set(order[position + 1 :])


@given(graph=graphs())
def test_topological_order(graph: Subgraph) -> None:
    flow, order = as_networkx(graph), topological(graph)
    assert sorted(order) == sorted(flow)
    if nx.is_directed_acyclic_graph(flow):
        place = {ref: position for position, ref in enumerate(order)}
        assert all(place[source] < place[target] for source, target in flow.edges)


def ladder() -> Subgraph:
    """Diamonds in a row, of artifacts and executions and of contexts: 2 ** 40 paths."""
    edges: list[Edge] = []
    for rung in range(RUNGS):
        for side in (0, 1):
            edges += [(rung, 2 * rung + side, True), (rung + 1, 2 * rung + side, False)]
    graph = build(RUNGS + 1, 2 * RUNGS, edges)
    contexts = [Context(id=-n, type="run", name=f"run {n}") for n in range(1, 3 * RUNGS + 2)]
    parents = [
        ParentContext(child_id=-child, parent_id=-parent)
        for top in range(1, 3 * RUNGS, 3)
        for child, parent in (
            (top + 1, top),
            (top + 2, top),
            (top + 3, top + 1),
            (top + 3, top + 2),
        )
    ]
    changes = {"contexts": tuple(contexts), "parent_contexts": tuple(parents)}
    return Subgraph.model_validate({**dict(graph), **changes})


def test_every_question_on_a_ladder_of_diamonds(store: Store) -> None:
    put = store.put(ladder())
    first, last = put.artifact_ids[0], put.artifact_ids[-1]
    upstream = {"sources_of_artifact", "parameters_behind_artifact"}
    given = {
        "one_artifact": first,
        "other_artifact": last,
        "from_artifact": first,
        "to_artifact": last,
        "execution": put.execution_ids[3],
        "context": put.context_ids[0],
        "one_context": put.context_ids[0],
        "other_context": put.context_ids[1],
        "type": "Dataset",
        "since": 0,
        "property": "epochs",
        "commit": "4022779",
        "column": "alcohol",
    }
    for name, question in load_questions(store.catalog).items():
        known = {**given, "artifact": last if name in upstream else first}
        values = {param.name: known[param.name] for param in question.params if param.required}
        began = time.perf_counter()
        question.ask(store, values)
        took = time.perf_counter() - began
        assert took < 5, f"{name}: {took * 1000:.0f} ms"
    downstream = ask(store, "impact_of_artifact", artifact=first)
    assert len(downstream.rows) == 3 * RUNGS
    path = ask(store, "path_between_artifacts", from_artifact=first, to_artifact=last)
    assert path.graph is not None
    assert len(path.graph) == 2 * RUNGS + 1
    assert len(ask(store, "critical_path", context=put.context_ids[0]).rows) >= 1
    assert len(ask(store, "retrain_if_withdrawn", artifact=first).rows) == 2 * RUNGS
