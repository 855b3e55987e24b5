"""Layout: nothing overlaps, data flows to the right, the same graph gives the same picture."""

from __future__ import annotations

import itertools

import networkx
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.drawing.layout import (
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN,
    isotonic,
    place,
)
from lineage_graph.drawing.ordering import Layers, crossings, order

EDGES = st.integers(1, 25).flatmap(
    lambda count: st.tuples(
        st.just(count),
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)).filter(
                lambda edge: edge[0] != edge[1]
            ),
            max_size=60,
        ),
    )
)


@given(EDGES)
def test_no_two_cards_overlap(graph: tuple[int, list[tuple[int, int]]]) -> None:
    placed = place(*graph)
    for number, (x, y) in enumerate(placed.positions):
        assert CARD_WIDTH / 2 - 0.01 <= x <= placed.width - CARD_WIDTH / 2 + 0.01
        assert CARD_HEIGHT / 2 - 0.01 <= y <= placed.height - CARD_HEIGHT / 2 + 0.01
        for other_x, other_y in placed.positions[:number]:
            assert abs(x - other_x) >= CARD_WIDTH or abs(y - other_y) >= CARD_HEIGHT


@given(EDGES)
def test_data_flows_to_the_right_where_there_is_no_cycle(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = graph
    edges = [(min(edge), max(edge)) for edge in edges]
    placed = place(count, edges)
    for source, target in edges:
        assert placed.positions[source][0] + COLUMN <= placed.positions[target][0] + 0.01


@given(EDGES)
def test_wires_go_from_card_to_card(graph: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = graph
    placed = place(count, edges)
    for (source, target), route in zip(edges, placed.routes, strict=True):
        (x1, y1), (x2, y2) = placed.positions[source], placed.positions[target]
        assert route[0] == (x1 + CARD_WIDTH / 2, y1)
        assert route[-1] == (x2 - CARD_WIDTH / 2, y2)
        xs = [x for x, _ in route[1:-1]]
        assert xs == sorted(xs, reverse=x2 < x1)


@given(EDGES)
def test_the_same_graph_gives_the_same_picture(graph: tuple[int, list[tuple[int, int]]]) -> None:
    assert place(*graph) == place(*graph)


def test_a_tree_has_no_crossings() -> None:
    tree = networkx.balanced_tree(3, 4, create_using=networkx.DiGraph)
    ranks = networkx.single_source_shortest_path_length(tree, 0)
    layers = Layers(len(tree), [ranks[node] for node in tree], list(tree.edges), CARD_HEIGHT)
    order(layers)
    assert crossings(layers) == 0


def test_crossings_are_counted() -> None:
    layers = Layers(4, [0, 0, 1, 1], [(0, 3), (1, 2)], CARD_HEIGHT)
    layers.order = [[0, 1], [2, 3]]
    assert crossings(layers) == 1


@given(st.lists(st.tuples(st.floats(-100, 100), st.floats(0.1, 10)), max_size=12))
def test_isotonic_is_the_nearest_rising_sequence(pairs: list[tuple[float, float]]) -> None:
    values, weights = [value for value, _ in pairs], [weight for _, weight in pairs]
    found = isotonic(values, weights)
    assert all(one <= other + 1e-9 for one, other in itertools.pairwise(found))
    # Minimax formula (Robertson, Wright and Dykstra 1988): max over starts, min over ends, of means.
    for position, value in enumerate(found):
        best = max(
            min(
                _mean(values[start:end], weights[start:end])
                for end in range(position + 1, len(values) + 1)
            )
            for start in range(position + 1)
        )
        assert abs(best - value) < 1e-6


def _mean(values: list[float], weights: list[float]) -> float:
    return sum(v * w for v, w in zip(values, weights, strict=True)) / sum(weights)


def test_ten_thousand_nodes_are_no_trouble() -> None:
    edges = [(node // 2, node) for node in range(1, 10_000)]
    assert len(place(10_000, edges).positions) == 10_000
