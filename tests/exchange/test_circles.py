"""Circles among contexts, against networkx."""

from __future__ import annotations

import networkx
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.exchange.circles import circling

NODES = st.integers(0, 9)


@given(st.lists(st.tuples(NODES, NODES), max_size=25))
def test_pairs_on_a_circle_are_those_within_a_strong_component(
    pairs: list[tuple[int, int]],
) -> None:
    graph = networkx.DiGraph(pairs)
    parts = {
        n: i for i, part in enumerate(networkx.strongly_connected_components(graph)) for n in part
    }
    assert circling(pairs) == {(a, b) for a, b in pairs if parts[a] == parts[b]}


def test_a_long_chain_is_no_matter() -> None:
    chain = [(number, number + 1) for number in range(20_000)]
    assert circling(chain) == set()
    assert len(circling([*chain, (20_000, 0)])) == 20_001
