"""Layered layout, left to right: data flows and time passes in the same direction.

The classic steps (Sugiyama, Tagawa and Toda 1981), each in linear or nearly linear time: break
cycles, find columns, order them by the medians of neighbours, place every column as near to its
neighbours as order and gaps allow. The same graph gives the same picture.

What is new is placed below what stands already, piece by piece in the order of time, and moves
nothing: a lineage that grows keeps its picture.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lineage_graph.drawing.layout.cycles import acyclic
from lineage_graph.drawing.layout.edge_routing import along, around, layered, shared, spokes
from lineage_graph.drawing.layout.ordering import order
from lineage_graph.drawing.layout.planning import Block, Fan, plan
from lineage_graph.drawing.layout.sizes import (
    CARD_HEIGHT,
    CARD_WIDTH,
    COLUMN,
    GAP,
    ROW,
    Edge,
    Point,
    left,
    middle,
    right,
)
from lineage_graph.drawing.layout.skyline import Ground
from lineage_graph.drawing.layout.y_coordinates import heights

_MAX_INSERTED_NODES = 4  # nodes of a piece that may go between older ones

__all__ = ["CARD_HEIGHT", "CARD_WIDTH", "COLUMN", "ROW", "Edge", "Placement", "Point", "place"]


@dataclass(frozen=True)
class Placement:
    """Where everything stands: centres of cards, and the points each wire goes through."""

    positions: list[Point]
    routes: list[list[Point]]
    width: float
    height: float


def place(count: int, edges: Sequence[Edge], sizes: Sequence[float] | None = None) -> Placement:
    """Lay out a graph of ``count`` nodes, which come in the order in which they came to be.

    ``sizes`` are the heights of the cards, where they are not all equal.
    """
    return _Page(count, edges, list(sizes or [CARD_HEIGHT] * count)).placement(edges)


class _Page:
    """What stands so far."""

    def __init__(self, count: int, edges: Sequence[Edge], sizes: list[float]) -> None:
        self._sizes = sizes
        self._before, self._after = acyclic(count, edges)
        planned = plan(count, self._before, self._after)
        self._column = planned.column
        self._piece_of = [-1] * count
        self._pieces = 0
        self._stands = [False] * count
        self._ys = [0.0] * count
        self._hub = [-1] * count  # of nodes in a fan
        self._bends: dict[Edge, list[Point]] = {}
        self._ground = Ground()
        for block in planned.blocks:
            self._place_block(block)

    def placement(self, edges: Sequence[Edge]) -> Placement:
        """Return what stands, moved so that it begins at 0."""
        tops = [y - size / 2 for y, size in zip(self._ys, self._sizes, strict=True)]
        points = [point for bends in self._bends.values() for point in bends]
        start = left(min(self._column, default=0))
        x0 = min(start, min((x for x, _ in points), default=start))
        y0 = min(min(tops, default=0.0), min((y for _, y in points), default=0.0))
        positions = [
            (middle(column) - x0, y - y0) for column, y in zip(self._column, self._ys, strict=True)
        ]
        routes = [self._route(edge, positions, x0, y0) for edge in edges]
        ends = [y + size / 2 for (_, y), size in zip(positions, self._sizes, strict=True)]
        width = max([right(max(self._column, default=0)), *(x for x, _ in points)]) - x0
        height = max([CARD_HEIGHT, *ends, *(y - y0 for _, y in points)])
        return Placement(positions, routes, width, height)

    def _route(self, edge: Edge, positions: list[Point], x0: float, y0: float) -> list[Point]:
        bends = self._bends.get(edge)
        if bends is None:
            bends = self._bends.get((edge[1], edge[0]), [])[::-1]
        (x1, y1), (x2, y2) = positions[edge[0]], positions[edge[1]]
        return [
            (x1 + CARD_WIDTH / 2, y1),
            *((x - x0, y - y0) for x, y in bends),
            (x2 - CARD_WIDTH / 2, y2),
        ]

    def _place_block(self, block: Block) -> None:
        for fan in block.before:
            self._place_fan(fan)
        number = self._pieces
        for node in block.nodes:
            self._piece_of[node] = -2 - number
        for node in block.nodes:
            if self._piece_of[node] == -2 - number:
                self._place_piece(self._piece(node))
        for fan in block.before:
            self._wire_fan(fan)
        for fan in block.after:
            self._place_fan(fan)
            self._wire_fan(fan)

    def _piece(self, root: int) -> list[int]:
        """Return what of the same block is connected with a node, in order."""
        waiting = self._piece_of[root]
        self._pieces += 1
        self._piece_of[root] = self._pieces
        found = [root]
        for node in found:
            for other in (*self._before[node], *self._after[node]):
                if self._piece_of[other] == waiting:
                    self._piece_of[other] = self._pieces
                    found.append(other)
        return sorted(found)

    def _place_piece(self, nodes: list[int]) -> None:
        inner, outer, anchors = self._edges(nodes)
        if len(nodes) <= _MAX_INSERTED_NODES and self._fill_holes(nodes, [*inner, *outer]):
            return
        lowest = min([self._column[node] for node in nodes])
        highest = max([self._column[node] for node in nodes])
        layers, bends, far = layered(nodes, self._column, inner, self._sizes)
        far += [edge for edge in outer if self._column[edge[1]] != self._column[edge[0]] + 1]
        lanes = self._lanes(far)
        if outer:
            tops = [self._ground.top(column, column) for column in range(lowest, highest + 1)]
        else:
            tops = [self._ground.apart(lowest, highest)] * (highest + 1 - lowest)
        order(layers)
        ys = heights(layers, tops, anchors)
        for node, y in zip(nodes, ys, strict=False):
            self._ys[node] = y
            self._stands[node] = True
        for column, layer in enumerate(layers.order, lowest):
            for node in layer:
                half = layers.size(node) / 2
                self._ground.take(column, ys[node] - half, ys[node] + half)
        for edge, chain in bends.items():
            self._bends[edge] = [
                point for bend in chain for point in along(layers.rank[bend] + lowest, ys[bend])
            ]
        for number, edge in enumerate(far):
            self._bends[edge] = around(edge, self._column, self._ys, lanes[edge], number)

    def _fill_holes(self, nodes: list[int], edges: list[Edge]) -> bool:
        """Place a small piece that hangs on what stands near to it, where there is a place free."""
        if any(self._column[target] != self._column[source] + 1 for source, target in edges):
            return False
        found: list[tuple[int, float]] = []
        for node in nodes:
            near = [
                self._ys[other]
                for other in (*self._before[node], *self._after[node])
                if self._stands[other]
            ]
            if not near:
                break
            wanted = sum(near) / len(near)
            middle = self._ground.hole(self._column[node], wanted, self._sizes[node])
            if middle is None:
                break
            self._ground.fill(self._column[node], middle, self._sizes[node])
            self._ys[node] = middle
            self._stands[node] = True
            found.append((node, middle))
        if len(found) == len(nodes):
            return True
        for node, _ in found:
            self._stands[node] = False
        return False

    def _edges(self, nodes: list[int]) -> tuple[list[Edge], list[Edge], list[float | None]]:
        """Return a piece's edges within and to what stands, and how high what stands would have it."""
        piece = self._piece_of[nodes[0]]
        inner: list[Edge] = []
        outer: list[Edge] = []
        anchors: list[float | None] = []
        for node in nodes:
            near: list[float] = []
            for other in self._before[node]:
                if self._piece_of[other] == piece:
                    inner.append((other, node))
                elif self._stands[other]:
                    near.append(self._ys[other])
                    if self._hub[other] != node:
                        outer.append((other, node))
            for other in self._after[node]:
                if self._stands[other]:
                    near.append(self._ys[other])
                    outer.append((node, other))
            anchors.append(sum(near) / len(near) if near else None)
        return inner, outer, anchors

    def _lanes(self, edges: list[Edge]) -> dict[Edge, float]:
        """Return how high wires run that pass below what stands; some share a lane."""
        lanes: dict[Edge, float] = {}
        for together in shared(edges):
            columns = [
                column
                for source, target in together
                for column in self._passed(self._column[source], self._column[target])
            ]
            height = self._ground.lane(min(columns), max(columns))
            lanes.update(dict.fromkeys(together, height))
        return lanes

    @staticmethod
    def _passed(source: int, target: int) -> tuple[int, int]:
        return (source + 1, target - 1) if target > source else (target, source)

    def _place_fan(self, fan: Fan) -> None:
        lowest = self._column[fan.leaves[0]]
        highest = lowest + min(fan.width, len(fan.leaves)) - 1
        alone = fan.hub < 0
        top = self._ground.apart(0, highest) if alone else self._ground.top(lowest, highest)
        for number, leaf in enumerate(fan.leaves):
            if number and number % fan.width == 0:
                row = fan.leaves[number - fan.width : number]
                top += max([self._sizes[each] for each in row]) + GAP
            self._ys[leaf] = top + self._sizes[leaf] / 2
            self._stands[leaf] = True
            self._hub[leaf] = fan.hub
            column = self._column[leaf]
            self._ground.take(column, top, top + self._sizes[leaf])

    def _wire_fan(self, fan: Fan) -> None:
        if fan.hub >= 0:
            self._bends.update(spokes(fan, self._column, self._ys, self._sizes))
