"""Layered layout, left to right: data flows and time passes in the same direction.

The classic steps (Sugiyama, Tagawa and Toda 1981), each in linear or nearly linear time: break
cycles, rank by longest path, order layers by the medians of neighbours, then place every layer as
near to its neighbours as its order and the gaps allow. The last step is exact for one layer: it is
an isotonic regression, solved by pooling adjacent violators. The same graph gives the same picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from lineage_graph.drawing.ordering import Layers, order

CARD_WIDTH, CARD_HEIGHT = 168.0, 44.0
COLUMN = CARD_WIDTH + 56.0  # from card to card along the flow
_GAP = 16.0  # between cards of one column
_WIRE_GAP = 10.0  # round a wire that passes through a column
_MOST_BENDS = 40_000  # wires beyond are drawn straight
_SWEEPS = 6

Edge = tuple[int, int]
Point = tuple[float, float]


@dataclass(frozen=True)
class Placement:
    """Where everything stands: centres of cards, and the points each wire goes through."""

    positions: list[Point]
    routes: list[list[Point]]
    width: float
    height: float


def place(count: int, edges: Sequence[Edge]) -> Placement:
    """Lay out a graph of ``count`` nodes; the order of nodes decides where nothing else does."""
    positions: list[Point] = [(0.0, 0.0)] * count
    bends: dict[int, list[Point]] = {}
    top, width = 0.0, 0.0
    alone: list[int] = []
    for members in _components(count, edges):
        if len(members) == 1:
            alone.append(members[0])
            continue
        part = _Component(members, edges)
        right, bottom = part.place(positions, bends, top)
        width, top = max(width, right), bottom + 2 * _GAP
    if alone:
        right, top = _grid(alone, positions, top)
        width = max(width, right)
    routes = [_route(edge, bends.get(number, []), positions) for number, edge in enumerate(edges)]
    return Placement(positions, routes, width, max(top - 2 * _GAP, CARD_HEIGHT))


def _components(count: int, edges: Sequence[Edge]) -> list[list[int]]:
    """Return the connected components, the one of the first node first."""
    parent = list(range(count))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for source, target in edges:
        one, other = root(source), root(target)
        if one != other:
            parent[max(one, other)] = min(one, other)
    found: dict[int, list[int]] = {}
    for node in range(count):
        found.setdefault(root(node), []).append(node)
    return list(found.values())


def _grid(nodes: list[int], positions: list[Point], top: float) -> tuple[float, float]:
    """Place nodes without any edge in a block that is about twice as wide as high."""
    columns = max(1, math.ceil(math.sqrt(len(nodes) * 2 * (CARD_HEIGHT + _GAP) / COLUMN)))
    for number, node in enumerate(nodes):
        row, column = divmod(number, columns)
        x = column * COLUMN + CARD_WIDTH / 2
        positions[node] = (x, top + row * (CARD_HEIGHT + _GAP) + CARD_HEIGHT / 2)
    rows = math.ceil(len(nodes) / columns)
    width = (min(columns, len(nodes)) - 1) * COLUMN + CARD_WIDTH
    return width, top + rows * (CARD_HEIGHT + _GAP) - _GAP + 2 * _GAP


def _route(edge: Edge, bends: list[Point], positions: list[Point]) -> list[Point]:
    (x1, y1), (x2, y2) = positions[edge[0]], positions[edge[1]]
    return [(x1 + CARD_WIDTH / 2, y1), *bends, (x2 - CARD_WIDTH / 2, y2)]


class _Component:
    """One connected part; its nodes are numbered from 0 in the order of the whole graph."""

    def __init__(self, members: list[int], edges: Sequence[Edge]) -> None:
        self._members = members
        local = {node: number for number, node in enumerate(members)}
        self._edges: list[tuple[int, int, int]] = []  # source, target, number in the whole graph
        for number, (source, target) in enumerate(edges):
            if source in local and source != target:
                self._edges.append((local[source], local[target], number))

    def place(
        self, positions: list[Point], bends: dict[int, list[Point]], top: float
    ) -> tuple[float, float]:
        """Fill in positions and bends below ``top``; return the right and the bottom end."""
        forward = _forward(len(self._members), self._edges)
        ranks = _ranks(len(self._members), forward)
        layers, chains = _with_bends(ranks, forward)
        order(layers)
        ys = _heights(layers)
        low = min(y - layers.size(node) / 2 for node, y in enumerate(ys))
        for node, member in enumerate(self._members):
            positions[member] = (
                layers.rank[node] * COLUMN + CARD_WIDTH / 2,
                ys[node] - low + top,
            )
        original = {number: (source, target) for source, target, number in self._edges}
        for (source, target, number), chain in chains.items():
            points = [
                (layers.rank[node] * COLUMN + CARD_WIDTH / 2, ys[node] - low + top)
                for node in chain
            ]
            bends[number] = points if original[number] == (source, target) else points[::-1]
        high = max(y + layers.size(node) / 2 for node, y in enumerate(ys))
        return max(layers.rank) * COLUMN + CARD_WIDTH, high - low + top


def _forward(count: int, edges: list[tuple[int, int, int]]) -> list[tuple[int, int, int]]:
    """Return the edges with those that close a cycle turned round (depth first, in order)."""
    following: list[list[int]] = [[] for _ in range(count)]
    entering = [0] * count
    for position, (source, target, _) in enumerate(edges):
        following[source].append(position)
        entering[target] += 1
    turned: set[int] = set()
    state = [0] * count  # 0 new, 1 on the way, 2 done
    for root in sorted(range(count), key=lambda node: (entering[node] > 0, node)):
        if state[root]:
            continue
        state[root] = 1
        stack = [(root, iter(following[root]))]
        while stack:
            node, rest = stack[-1]
            following_edge = next(rest, None)
            if following_edge is None:
                state[node] = 2
                stack.pop()
                continue
            target = edges[following_edge][1]
            if state[target] == 1:
                turned.add(following_edge)
            elif state[target] == 0:
                state[target] = 1
                stack.append((target, iter(following[target])))
    return [
        (target, source, number) if position in turned else (source, target, number)
        for position, (source, target, number) in enumerate(edges)
    ]


def _ranks(count: int, edges: list[tuple[int, int, int]]) -> list[int]:
    """Return each node's column: longest path, but what nothing made stands next to its first use."""
    following: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target, _ in edges:
        following[source].append(target)
        waiting[target] += 1
    sources = [node for node in range(count) if not waiting[node]]
    ranks = [0] * count
    ready = list(sources)
    for node in ready:
        for target in following[node]:
            ranks[target] = max(ranks[target], ranks[node] + 1)
            waiting[target] -= 1
            if not waiting[target]:
                ready.append(target)
    for node in sources:
        ranks[node] = min((ranks[target] for target in following[node]), default=1) - 1
    least = min(ranks)
    return [rank - least for rank in ranks]


def _with_bends(
    ranks: list[int], edges: list[tuple[int, int, int]]
) -> tuple[Layers, dict[tuple[int, int, int], list[int]]]:
    """Return layers in which every edge goes to the next, with a bend wherever it passes one."""
    all_ranks = list(ranks)
    pairs: list[Edge] = []
    chains: dict[tuple[int, int, int], list[int]] = {}
    for edge in edges:
        source, target, _ = edge
        chain: list[int] = []
        if len(all_ranks) < _MOST_BENDS:
            for rank in range(ranks[source] + 1, ranks[target]):
                chain.append(len(all_ranks))
                all_ranks.append(rank)
        ends = [source, *chain, target]
        if chain or ranks[target] - ranks[source] == 1:
            pairs += pairwise(ends)
        chains[edge] = chain
    return Layers(len(ranks), all_ranks, pairs, CARD_HEIGHT), chains


def _heights(layers: Layers) -> list[float]:
    """Return the vertical centre of every node and bend."""
    ys = [0.0] * len(layers.rank)
    for layer in layers.order:
        centre = 0.0
        for position, node in enumerate(layer):
            if position:
                centre += _distance(layers, layer[position - 1], node)
            ys[node] = centre
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        towards = layers.before if forward else layers.after
        for layer in layers.order if forward else reversed(layers.order):
            _settle(layers, layer, towards, ys)
    for layer in layers.order:
        _settle(layers, layer, layers.around, ys)
    return ys


def _settle(
    layers: Layers, layer: list[int], towards: Sequence[Sequence[int]], ys: list[float]
) -> None:
    """Move a layer as near to its neighbours as order and gaps allow."""
    offsets, total = [0.0], 0.0
    for above, below in pairwise(layer):
        total += _distance(layers, above, below)
        offsets.append(total)
    wanted, weights = [], []
    for node in layer:
        neighbours = towards[node]
        if neighbours:
            wanted.append(sum(ys[other] for other in neighbours) / len(neighbours))
            weights.append(4.0 if layers.is_bend(node) else 1.0)
        else:
            wanted.append(ys[node])
            weights.append(0.05)
    slack = [want - offset for want, offset in zip(wanted, offsets, strict=True)]
    for node, value, offset in zip(layer, isotonic(slack, weights), offsets, strict=True):
        ys[node] = value + offset


def _distance(layers: Layers, above: int, below: int) -> float:
    gap = _WIRE_GAP if layers.is_bend(above) or layers.is_bend(below) else _GAP
    return (layers.size(above) + layers.size(below)) / 2 + gap


def isotonic(values: Sequence[float], weights: Sequence[float]) -> list[float]:
    """Return the non-decreasing sequence nearest to the values in weighted least squares."""
    blocks: list[tuple[float, float, int]] = []  # mean, weight, how many
    for value, weight in zip(values, weights, strict=True):
        mean, total, count = value, weight, 1
        while blocks and blocks[-1][0] > mean:
            other, heavy, many = blocks.pop()
            mean = (other * heavy + mean * total) / (heavy + total)
            total, count = heavy + total, many + count
        blocks.append((mean, total, count))
    return [mean for mean, _, count in blocks for _ in range(count)]
