"""Layout: nothing overlaps, data flows to the right, the same graph gives the same picture."""

from __future__ import annotations

import itertools
import math
import random
import time

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.drawing.layout.layered import (
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN,
    ROW,
    place,
)
from lineage_graph.drawing.layout.ordering import Layers, crossings, order
from lineage_graph.drawing.layout.y_coordinates import isotonic
from tests.drawing import shapes
from tests.drawing.moves import moved

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
        (x1, y1), (x2, y2) = placed.positions[source], placed.positions[target]
        assert x1 + COLUMN <= x2 or y2 > y1  # or on to the next line


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


@pytest.mark.parametrize(
    "graph",
    [
        shapes.fan(100),
        shapes.into(100),
        shapes.ladder(30),
        shapes.tree(400),
        shapes.standard(700),
        shapes.deep(700),
        shapes.parts(400),
    ],
    ids=["fan", "into", "ladder", "tree", "standard", "deep", "parts"],
)
def test_wires_and_cards_keep_clear_of_cards(graph: shapes.Graph) -> None:
    count, edges = graph
    placed = place(count, edges)
    cards: dict[float, list[float]] = {}
    for x, y in placed.positions:
        cards.setdefault(x, []).append(y)
    for ys in cards.values():
        ys.sort()
        assert all(below - above >= ROW - 0.01 for above, below in itertools.pairwise(ys))
    for route in placed.routes:
        for (x1, y1), (x2, y2) in itertools.pairwise(route):
            assert all(map(math.isfinite, (x1, y1, x2, y2)))
            low, high = min(y1, y2) - CARD_HEIGHT / 2, max(y1, y2) + CARD_HEIGHT / 2
            for x, ys in cards.items():
                if min(x1, x2) < x + CARD_WIDTH / 2 - 0.01 and x - CARD_WIDTH / 2 + 0.01 < max(
                    x1, x2
                ):
                    assert not any(low < y < high for y in ys)


def test_a_long_chain_is_set_in_lines_as_text_is() -> None:
    placed = place(*shapes.chain(500))
    assert 1 <= placed.width / placed.height <= 5
    for (x1, y1), (x2, y2) in itertools.pairwise(placed.positions):
        assert (x2 == x1 + COLUMN and y2 == y1) or (x2 < x1 and y2 > y1)


def test_one_card_is_no_line() -> None:
    placed = place(*shapes.chain(25))
    assert len({y for _, y in placed.positions}) == 1


def test_many_small_parts_stand_beside_each_other() -> None:
    count, edges = shapes.parts(300)
    placed = place(count, edges)
    assert 0.5 <= placed.width / placed.height <= 4
    for source, target in edges:
        assert placed.positions[target][0] - placed.positions[source][0] == COLUMN


def test_a_big_fan_is_a_block() -> None:
    placed = place(*shapes.fan(5000))
    assert 0.5 <= placed.width / placed.height <= 2.5
    rows = [y for _, y in placed.positions[1:]]
    assert rows == sorted(rows)


@pytest.mark.parametrize("kind", ["standard", "deep", "tree", "chain", "fan", "parts"])
@pytest.mark.parametrize("count", [500, 1500])
@pytest.mark.parametrize("seed", range(5))
def test_what_is_new_moves_little_of_what_is_old(kind: str, count: int, seed: int) -> None:
    new = count + count // 100
    if kind in ("chain", "fan", "parts"):
        old, grown = (getattr(shapes, kind)(size) for size in (count, new))
    elif kind == "tree":
        old, grown = shapes.tree(count, seed), shapes.tree(new, seed)
    else:
        lineage = shapes.Lineage(seed, steps=3 + 2 * seed, deep=0.9 if kind == "deep" else 0.1)
        old, grown = lineage.grow(count), lineage.grow(new)
    assert moved(place(*old), place(*grown)) <= 0.05


def test_the_order_of_edges_does_not_matter() -> None:
    count, edges = shapes.standard(400)
    shuffled = random.Random(1).sample(edges, len(edges))
    assert place(count, edges).positions == place(count, shuffled).positions


def test_cards_may_be_of_different_heights() -> None:
    count, edges = shapes.standard(200)
    sizes = [30.0 + 10 * (node % 5) for node in range(count)]
    placed = place(count, edges, sizes)
    stands = sorted(
        (x, y - size / 2, y + size / 2)
        for (x, y), size in zip(placed.positions, sizes, strict=True)
    )
    for (x1, _, end), (x2, begin, _) in itertools.pairwise(stands):
        assert x1 != x2 or begin >= end


@given(EDGES)
def test_the_same_graph_gives_the_same_picture(graph: tuple[int, list[tuple[int, int]]]) -> None:
    assert place(*graph) == place(*graph)


def test_a_tree_has_no_crossings() -> None:
    tree = networkx.balanced_tree(3, 4, create_using=networkx.DiGraph)
    ranks = networkx.single_source_shortest_path_length(tree, 0)
    layers = Layers(
        len(tree), [ranks[node] for node in tree], list(tree.edges), [CARD_HEIGHT] * 999
    )
    order(layers)
    assert crossings(layers) == 0


def test_crossings_are_counted() -> None:
    layers = Layers(4, [0, 0, 1, 1], [(0, 3), (1, 2)], [CARD_HEIGHT] * 999)
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


@pytest.mark.parametrize(
    "graph",
    [
        shapes.standard(10_000),
        shapes.deep(10_000),
        shapes.tree(10_000),
        shapes.fan(10_000),
        shapes.chain(10_000),
    ],
    ids=["standard", "deep", "tree", "fan", "chain"],
)
def test_ten_thousand_nodes_are_no_trouble(graph: shapes.Graph) -> None:
    begin = time.process_time()
    assert len(place(*graph).positions) >= 10_000
    assert time.process_time() - begin < 5  # 1.5 s on a machine that has nothing else to do
