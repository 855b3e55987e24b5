"""Ways of wires that are longer than from one column to the next: clear of all cards."""

from __future__ import annotations

from collections.abc import Sequence

from lineage_graph.drawing.layout.ordering import Layers
from lineage_graph.drawing.layout.planning import Fan
from lineage_graph.drawing.layout.sizes import BETWEEN, GAP, Edge, Point, left, right

_BENDS = 6  # for each node of a piece: longer wires run round the piece
_LANES = 12  # round a piece
_OUT = 12.0  # how far wires that turn back go out of a card, and 6 more for each of the next
_TRACKS = 5


def layered(
    nodes: Sequence[int], column: Sequence[int], edges: Sequence[Edge], sizes: Sequence[float]
) -> tuple[Layers, dict[Edge, list[int]], list[Edge]]:
    """Return a piece in layers, numbered from 0, with a bend wherever a wire passes a layer.

    Wires that leave the same node share their bends. Also returned are each edge's bends, and the
    edges for which there are none left.
    """
    local = {node: number for number, node in enumerate(nodes)}
    lowest = min([column[node] for node in nodes])
    ranks = [column[node] - lowest for node in nodes]
    pairs: list[Edge] = []
    trunks: dict[int, list[int]] = {}
    bends: dict[Edge, list[int]] = {}
    far: list[Edge] = []
    most = len(nodes) * (1 + _BENDS) + 200
    for edge in sorted(edges, key=lambda edge: column[edge[1]] - column[edge[0]]):
        source, target = local[edge[0]], local[edge[1]]
        length = ranks[target] - ranks[source]
        if length == 1:
            pairs.append((source, target))
            continue
        trunk = trunks.setdefault(source, [])
        if len(ranks) + length - 1 - len(trunk) > most:
            far.append(edge)
            continue
        while len(trunk) < length - 1:
            pairs.append((trunk[-1] if trunk else source, len(ranks)))
            trunk.append(len(ranks))
            ranks.append(ranks[source] + len(trunk))
        pairs.append((trunk[length - 2], target))
        bends[edge] = trunk[: length - 1]
    heights = [sizes[node] for node in nodes]
    return Layers(len(nodes), ranks, pairs, heights), bends, far


def along(column: int, y: float) -> list[Point]:
    """Return the bends of a wire that passes a column: level as far as cards may stand by it."""
    return [(left(column), y), (right(column), y)]


def shared(edges: Sequence[Edge]) -> list[list[Edge]]:
    """Return the edges in groups that share a lane: of the same source, or of the same target."""
    leaving: dict[int, int] = {}
    entering: dict[int, int] = {}
    for source, target in edges:
        leaving[source] = leaving.get(source, 0) + 1
        entering[target] = entering.get(target, 0) + 1
    groups: dict[tuple[bool, int], list[Edge]] = {}
    for edge in edges:
        source, target = edge
        together = leaving[source] >= entering[target]
        groups.setdefault((together, source if together else target), []).append(edge)
    found = list(groups.values())
    if len(found) <= _LANES:
        return found
    each = -(-len(found) // _LANES)
    return [
        [edge for group in found[start : start + each] for edge in group]
        for start in range(0, len(found), each)
    ]


def around(
    edge: Edge, column: Sequence[int], ys: Sequence[float], lane: float, number: int
) -> list[Point]:
    """Return the bends of a wire that runs in a lane, forwards or back to the next line."""
    source, target = edge
    if column[target] > column[source]:
        return [(right(column[source]) + BETWEEN, lane), (left(column[target]) - BETWEEN, lane)]
    out = _OUT + 6.0 * (number % _TRACKS)
    x1, x2 = right(column[source]) + out, left(column[target]) - out
    return [(x1, ys[source]), (x1, lane), (x2, lane), (x2, ys[target])]


def spokes(
    fan: Fan, column: Sequence[int], ys: Sequence[float], sizes: Sequence[float]
) -> dict[Edge, list[Point]]:
    """Return the bends of the wires of a fan: each row has a lane above it."""
    found: dict[Edge, list[Point]] = {}
    outward = column[fan.leaves[0]] > column[fan.hub]
    near = column[fan.hub] + (1 if outward else -1)
    for leaf in fan.leaves:
        if column[leaf] == near:
            continue
        lane = ys[leaf] - sizes[leaf] / 2 - GAP / 2
        if outward:
            found[fan.hub, leaf] = [(left(near), lane), (left(column[leaf]) - BETWEEN, lane)]
        else:
            found[leaf, fan.hub] = [(right(column[leaf]) + BETWEEN, lane), (right(near), lane)]
    return found
