"""What changes a picture: each keeps what must be kept, checked against networkx where it can tell."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.drawing.groups import group_of, heading_of_group, metric_of
from lineage_graph.drawing.picture import draw
from lineage_graph.drawing.sketch import Sketch, sketch_of
from lineage_graph.drawing.transforms.as_of import as_of
from lineage_graph.drawing.transforms.compose import Look, composed
from lineage_graph.drawing.transforms.contraction import contracted, projected, without_cached
from lineage_graph.drawing.transforms.flow import flow
from lineage_graph.drawing.transforms.folding import folded
from lineage_graph.drawing.transforms.reduction import reduced
from lineage_graph.drawing.transforms.rollup import rolled_up
from lineage_graph.drawing.transforms.stacks import stacked
from lineage_graph.model import Artifact, Degree, ExecutionState, Kind, Ref, Subgraph
from tests.drawing.graphs import artifacts, context, ends, graph_of, keys, lineages, run, together

EDGES = st.integers(1, 12).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)), unique=True),
    )
)


@given(EDGES)
def test_flow_leaves_out_edges_only_where_there_is_a_circle(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = graph
    found = flow(count, edges)
    assert sorted(found.order) == list(range(count))
    place = {node: position for position, node in enumerate(found.order)}
    assert all(place[source] < place[target] for source, target in found.edges)
    whole = networkx.DiGraph(edges)
    if networkx.is_directed_acyclic_graph(whole):
        assert found.edges == edges
    part_of = {
        node: number
        for number, part in enumerate(networkx.strongly_connected_components(whole))
        for node in part
    }
    for source, target in set(edges) - set(found.edges):
        assert part_of[source] == part_of[target]


# Transitive reduction


@given(lineages())
def test_reduction_is_the_one_of_networkx(graph: Subgraph) -> None:
    sketch = sketch_of(graph)
    whole = graph_of(sketch)
    if networkx.is_directed_acyclic_graph(whole):
        assert ends(reduced(sketch)) == set(networkx.transitive_reduction(whole).edges)


@given(lineages(circles=True))
def test_reduction_joins_what_was_joined_also_with_circles(graph: Subgraph) -> None:
    sketch = sketch_of(graph)
    before = networkx.transitive_closure(graph_of(sketch))
    assert set(networkx.transitive_closure(graph_of(reduced(sketch))).edges) == set(before.edges)


# Contraction: cached executions, projections


@given(lineages(circles=True), st.sampled_from(["artifact", "execution"]))
def test_projection_joins_what_was_joined(graph: Subgraph, kind: str) -> None:
    sketch = sketch_of(graph)
    found = projected(sketch, kind)
    assert keys(found.sketch) == [item.key for item in sketch.items if item.kind == kind]
    assert set(found.hidden) == set(keys(sketch)) - set(keys(found.sketch))
    whole, part = graph_of(sketch), graph_of(found.sketch)
    for one in part:
        assert networkx.descendants(part, one) == networkx.descendants(whole, one) & set(part)
    for line in found.sketch.lines:
        stops = [line.source, *line.through, line.target]
        assert all(whole.has_edge(*pair) for pair in pairwise(stops))


def test_lines_through_two_executions_are_one_that_counts_them() -> None:
    graph = together(artifacts(1, 2), run(1, [1], [2]), run(2, [1], [2]))
    (line,) = projected(sketch_of(graph), "artifact").sketch.lines
    assert (line.source, line.target, line.count) == ("artifact/1", "artifact/2", 2)


def test_what_joins_too_many_stays() -> None:
    graph = together(artifacts(*range(1, 9)), run(1, [1, 2, 3, 4], [5, 6, 7, 8]))
    found = contracted(sketch_of(graph), {"execution/1"}, most=15)
    assert found.kept == ("execution/1",)
    assert ends(found.sketch) == ends(sketch_of(graph))
    assert contracted(sketch_of(graph), {"execution/1"}, most=16).hidden == ("execution/1",)


@given(lineages())
def test_hiding_what_was_cached_keeps_the_connections(graph: Subgraph) -> None:
    sketch = sketch_of(graph)
    found = without_cached(sketch)
    cached = {f"execution/{e.id}" for e in graph.executions if e.last_known_state == "CACHED"}
    assert set(found.hidden) == cached
    whole, part = graph_of(sketch), graph_of(found.sketch)
    for one in part:
        assert networkx.descendants(part, one) == networkx.descendants(whole, one) & set(part)


def test_a_connection_that_is_there_is_not_drawn_twice() -> None:
    cached = ExecutionState.CACHED
    graph = together(
        artifacts(1, 2, 3),
        run(1, [1], [2]),
        run(2, [1], [2, 3], last_known_state=cached),
    )
    found = ends(without_cached(sketch_of(graph)).sketch)
    assert found == {
        ("artifact/1", "execution/1"),
        ("execution/1", "artifact/2"),
        ("artifact/1", "artifact/3"),
    }


# Time


@given(lineages(), st.integers(0, 140))
def test_time_shows_what_had_come_to_be(graph: Subgraph, moment: int) -> None:
    sketch = sketch_of(graph)
    then = as_of(sketch, moment)
    assert keys(then) == [item.key for item in sketch.items if (item.time or 0) <= moment]
    assert ends(then) <= ends(sketch)
    assert as_of(sketch, 10**15) == sketch


def test_what_ran_then_is_running() -> None:
    graph = together(artifacts(1), run(1, [1], [], last_update_time_since_epoch=90))
    states = [
        [card.state for card in draw(graph, look=Look(at=at)).cards if card.kind == "execution"]
        for at in (9, 10, 89, 90)
    ]
    assert states == [[], ["RUNNING"], ["RUNNING"], ["COMPLETE"]]


@given(lineages(), st.integers(0, 140), st.sampled_from(["both", "artifacts"]))
def test_time_and_projection_move_nothing_up_or_down(
    graph: Subgraph, moment: int, show: str
) -> None:
    places = {card.key: card.y for card in draw(graph).cards}
    later = draw(graph, look=Look(stacks=False, at=moment, show=show))  # type: ignore[arg-type]
    assert all(places[card.key] == card.y for card in later.cards)
    for wire in later.wires:
        source, target = later.cards[wire.source], later.cards[wire.target]
        assert wire.points[0] == pytest.approx((source.x + 84, source.y))
        assert wire.points[-1] == pytest.approx((target.x - 84, target.y))


# Stacks


def fan(count: int = 6, **fields: object) -> Subgraph:
    """One artifact that was read by many trainings, each of which made a model."""
    parts = [artifacts(1)]
    for number in range(1, count + 1):
        model = Artifact(
            id=number + 1,
            type="Model",
            create_time_since_epoch=number * 10 + 5,
            properties={"epochs": 5, "accuracy": number / 10},
        )
        state = ExecutionState.FAILED if number == 3 else ExecutionState.COMPLETE
        parts += [
            Subgraph(artifacts=(model,)),
            run(number, [1], [number + 1], last_known_state=state),
        ]
    return together(*parts)


def test_five_alike_are_one_card() -> None:
    sketch = stacked(sketch_of(fan()))
    assert keys(sketch) == ["artifact/1", "stack/execution/1", "stack/artifact/2"]
    assert [(line.count, line.type) for line in sketch.lines] == [(6, "INPUT"), (6, "OUTPUT")]
    trainings, models = group_of(sketch.items[1]), group_of(sketch.items[2])
    assert (trainings.count, trainings.states) == (6, {"COMPLETE": 5, "FAILED": 1})
    assert models.metric is not None
    assert (models.metric.name, models.metric.least, models.metric.most) == ("accuracy", 0.1, 0.6)
    assert models.metric.middle == pytest.approx(0.35)
    assert len(stacked(sketch_of(fan(4))).items) == 9


def test_a_stack_is_unfolded_and_members_pulled_out() -> None:
    sketch = sketch_of(fan())
    assert len(stacked(sketch, unfold={"stack/execution/1"}).items) == 8
    one_out = stacked(sketch, out={"execution/1"})
    assert keys(one_out) == ["artifact/1", "execution/1", "stack/artifact/2", "stack/execution/1"]
    assert group_of(one_out.items[3]).count == 5
    assert stacked(sketch, auto=False) == sketch
    assert len(stacked(sketch, auto=False, fold={"stack/artifact/2"}).items) == 8


def test_what_differs_is_not_stacked() -> None:
    graph = together(fan(), artifacts(50), run(50, [1], [50]), run(51, [50, 1], []))
    names = keys(stacked(sketch_of(graph)))
    assert "execution/50" in names  # it made data, not a model
    assert "execution/51" in names  # it stands in another column


def test_steps_of_one_type_are_not_mixed() -> None:
    steps = [
        context(1, [1, 2, 3], type="node"),
        context(2, [4, 5, 6], type="node"),
    ]
    graph = together(fan(), *steps)
    assert len(stacked(sketch_of(graph)).items) == 13


def test_a_stack_is_called_by_the_step_that_all_its_members_ran() -> None:
    graph = together(fan(), context(1, [1, 2, 3, 4, 5, 6], type="node"))
    (stack,) = (item for item in stacked(sketch_of(graph)).items if item.of == "execution")
    assert heading_of_group(stack, group_of(stack)) == "6 × node-1"


@given(lineages())
def test_stacks_make_no_circle_and_lose_nothing(graph: Subgraph) -> None:
    sketch = sketch_of(together(graph, *(run(n, [1], [2]) for n in range(100, 106))))
    if not networkx.is_directed_acyclic_graph(graph_of(sketch)):
        return
    found = stacked(sketch)
    assert networkx.is_directed_acyclic_graph(graph_of(found))
    assert sorted(node.ref for item in found.items for node in item.nodes) == sorted(
        item.nodes[0].ref for item in sketch.items
    )
    assert sum(line.count for line in found.lines) == len(sketch.lines)
    assert any(key.startswith("stack/execution/") for key in keys(found))


def test_a_metric_is_a_number_that_most_have() -> None:
    def models(*properties: dict[str, object]) -> list[Artifact]:
        return [Artifact(id=n + 1, properties=p) for n, p in enumerate(properties)]

    assert metric_of(models({"a": 1}, {"a": 1})) is None  # all the same: it tells nothing
    assert metric_of(models({"loss": 1.0}, {}, {})) is None
    assert metric_of(models({"loss": 1.0}, {})) is None  # half of them is not more than half
    assert metric_of(models({"yes": True}, {"yes": False})) is None
    assert metric_of(models({"x": float("nan")}, {"x": float("inf")})) is None
    found = metric_of(models({"a": 1, "loss": 2.0}, {"a": 2, "loss": 2.0}))
    assert found is not None
    assert found.name == "loss"


# Folding


def runs() -> Subgraph:
    """Two runs of a pipeline; the second goes on with what the first made."""
    return together(
        artifacts(1, 2, 3, 4, 5),
        run(1, [1], [2]),
        run(2, [2], [3]),
        run(3, [3], [4]),
        run(4, [4], [5]),
        context(10, [], type="pipeline"),
        context(11, [1, 2], parent=10),
        context(12, [3, 4], parent=10),
    )


def test_a_folded_context_is_one_card() -> None:
    sketch = sketch_of(runs())
    one = folded(sketch, {"context/11"})
    assert "execution/1" not in keys(one)
    assert {"artifact/1", "context/11", "execution/3"} <= set(keys(one))
    assert ("context/11", "execution/3") in ends(one)  # through what it made
    both = folded(sketch, {"context/11", "context/12"})
    assert ends(both) == {("artifact/1", "context/11"), ("context/11", "context/12")}
    whole = folded(sketch, {"context/10", "context/11"})
    assert keys(whole) == ["artifact/1", "context/10"]
    assert group_of(whole.items[1]).count == 8


def test_what_could_be_folded_is_told() -> None:
    contexts = draw(runs()).contexts
    assert {key: len(fold.members) for key, fold in contexts.items()} == {
        "context/10": 8,
        "context/11": 4,
        "context/12": 4,
    }
    assert list(draw(runs(), look=Look(fold=frozenset({"context/11"}))).contexts) == [
        "context/10",
        "context/12",
    ]


def test_circles_that_folding_makes_are_drawn() -> None:
    graph = together(
        artifacts(1, 2, 3),
        run(1, [1], [2]),
        run(2, [2], [3]),
        run(3, [3], []),
        context(11, [1, 3]),
    )
    picture = draw(graph, look=Look(fold=frozenset({"context/11"})))
    names = [card.key for card in picture.cards]
    pairs = {(names[wire.source], names[wire.target]) for wire in picture.wires}
    assert {("context/11", "execution/2"), ("artifact/3", "context/11")} <= pairs


@given(lineages(circles=True), st.sets(st.sampled_from(["context/1", "context/2", "context/3"])))
def test_folding_loses_no_node(graph: Subgraph, wanted: set[str]) -> None:
    sketch = sketch_of(graph)
    found = folded(sketch, wanted)
    assert sorted(node.ref for item in found.items for node in item.nodes) == sorted(
        item.nodes[0].ref for item in sketch.items
    )
    whole, part = graph_of(sketch), graph_of(found)
    place = {f"{n.kind.value}/{n.id}": item.key for item in found.items for n in item.nodes}
    assert set(part.edges) == {(place[a], place[b]) for a, b in whole.edges if place[a] != place[b]}


# Rolling up


def test_too_many_cards_are_rolled_up_step_by_step() -> None:
    sketch = sketch_of(together(fan(), runs_like(100)))
    sizes = {most: len(rolled_up(sketch, most).items) for most in (1000, 30, 7)}
    assert sizes[1000] == len(sketch.items)
    assert sizes[30] <= 30
    assert sizes[7] <= 7
    for most in sizes:
        found = rolled_up(sketch, most)
        assert sum(len(item.nodes) for item in found.items) == len(sketch.items)


def runs_like(first: int) -> Subgraph:
    """Three runs with different steps, so that nothing of them is alike."""
    parts = []
    for number in range(3):
        at = first + 10 * number
        parts += [
            artifacts(at, at + 1, type=f"Data{number}"),
            run(at, [at], [at + 1], type=f"A{number}"),
            run(at + 1, [at + 1], [], type=f"B{number}"),
            context(at, [at, at + 1]),
        ]
    return together(*parts)


def test_rolled_up_is_said() -> None:
    graph = together(fan(), runs_like(100))
    assert not draw(graph, look=Look(stacks=False)).rolled
    picture = draw(graph, look=Look(stacks=False, most=8))
    assert picture.rolled
    assert len(picture.cards) <= 8


# All together


@given(
    lineages(circles=True),
    st.builds(
        Look,
        show=st.sampled_from(["both", "artifacts", "executions"]),
        cached=st.booleans(),
        reduce=st.booleans(),
        stacks=st.booleans(),
        fold=st.frozensets(st.sampled_from(["context/1", "context/2", "stack/artifact/1"])),
        out=st.frozensets(st.sampled_from(["artifact/1", "execution/2"])),
        at=st.none() | st.integers(0, 140),
        most=st.integers(1, 30),
    ),
)
def test_every_look_can_be_drawn(graph: Subgraph, look: Look) -> None:
    start = Ref(Kind.ARTIFACT, 1)
    picture = draw(graph, [start], {start: Degree(3, 4)}, look=look)
    assert len({card.key for card in picture.cards}) == len(picture.cards)
    assert set(picture.groups) == {
        number for number, card in enumerate(picture.cards) if card.kind in ("context", "stack")
    }
    assert draw(graph, [start], {start: Degree(3, 4)}, look=look) == picture


@given(lineages())
def test_nothing_chosen_changes_nothing(graph: Subgraph) -> None:
    sketch = sketch_of(graph)
    found = composed(sketch, Look(stacks=False))
    assert found.whole is found.shown
    assert found.shown == replace(sketch)
    assert isinstance(found.whole, Sketch)
