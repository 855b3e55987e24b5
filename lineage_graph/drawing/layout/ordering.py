"""The order of the nodes of every layer: few crossings, found by sweeping over medians."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections.abc import Sequence
from itertools import pairwise

from lineage_graph.drawing.layout.inserting import insert

_SWEEPS = 8
_MAX_NODES_ORDERED_TOGETHER = 24  # so many nodes are ordered all together
_MAX_EDGES_FOR_CROSSINGS = (
    20_000  # above so many edges crossings are not counted, and the last order is taken
)


class Layers:
    """Nodes and bends by layer; every pair of neighbours is one layer apart.

    The first ``nodes`` numbers are nodes, the others bends of edges.
    """

    def __init__(
        self, nodes: int, rank: list[int], pairs: list[tuple[int, int]], sizes: list[float]
    ) -> None:
        self.nodes = nodes
        self.rank = rank
        self.pairs = pairs
        self.sizes = sizes
        self.before: list[list[int]] = [[] for _ in rank]
        self.after: list[list[int]] = [[] for _ in rank]
        for source, target in pairs:
            self.after[source].append(target)
            self.before[target].append(source)
        self.around = [[*b, *a] for b, a in zip(self.before, self.after, strict=True)]
        self.order: list[list[int]] = [[] for _ in range(max(rank) + 1)]
        self._fill()

    def is_bend(self, node: int) -> bool:
        """True where a number stands for the bend of an edge."""
        return node >= self.nodes

    def size(self, node: int) -> float:
        """How high a node or bend is."""
        return 0.0 if self.is_bend(node) else self.sizes[node]

    def _fill(self) -> None:
        """Order each layer as a walk from the first nodes meets its nodes: neighbours stay together."""
        seen = [False] * len(self.rank)
        for root in sorted(range(len(self.rank)), key=lambda node: (self.rank[node], node)):
            stack = [root]
            while stack:
                node = stack.pop()
                if seen[node]:
                    continue
                seen[node] = True
                self.order[self.rank[node]].append(node)
                stack += sorted(
                    (other for other in self.around[node] if not seen[other]), reverse=True
                )


def order(layers: Layers) -> None:
    """Order every layer so that few edges cross.

    The older nodes, up to a round number, are ordered first, and keep that order when the newer
    ones come between them: a node more seldom turns the picture round.
    """
    old = _round(layers.nodes)
    if old == layers.nodes:
        _untangle(layers)
        return
    with_old = _of_old(layers, old)
    older = Layers(
        layers.nodes,
        layers.rank,
        [pair for pair in layers.pairs if with_old[pair[0]] and with_old[pair[1]]],
        layers.sizes,
    )
    new = [[node for node in layer if not with_old[node]] for layer in layers.order]
    older.order = [[node for node in layer if with_old[node]] for layer in older.order]
    _untangle(older)
    insert(layers.before, layers.after, older.order, new)
    layers.order = older.order


def _round(count: int) -> int:
    """Return the greatest number of a sparse series up to ``count``."""
    number = _MAX_NODES_ORDERED_TOGETHER
    if count <= number:
        return count
    while number * 5 // 4 <= count:
        number = number * 5 // 4
    return number


def _of_old(layers: Layers, old: int) -> list[bool]:
    """Return which numbers are among the first nodes, or bends on the way to one."""
    found = [node < old for node in range(len(layers.rank))]
    for bend in range(len(layers.rank) - 1, layers.nodes - 1, -1):
        found[bend] = any(found[other] for other in layers.after[bend])
    return found


def _untangle(layers: Layers) -> None:
    best, fewest = [list(layer) for layer in layers.order], crossings(layers)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        _sweep(layers, forward=sweep % 2 == 0)
        now = crossings(layers)
        if now < fewest or now < 0:
            best, fewest = [list(layer) for layer in layers.order], now
    layers.order = best


def _sweep(layers: Layers, *, forward: bool) -> None:
    towards = layers.before if forward else layers.after
    place = [0] * len(layers.rank)
    for layer in layers.order:
        for position, node in enumerate(layer):
            place[node] = position
    for layer in layers.order if forward else layers.order[::-1]:
        keys = {
            node: _median([place[other] for other in towards[node]], place[node]) for node in layer
        }
        layer.sort(key=lambda node: (keys[node], place[node]))
        for position, node in enumerate(layer):
            place[node] = position


def _median(places: list[int], own: int) -> float:
    if not places:
        return own
    places.sort()
    middle = len(places) // 2
    if len(places) % 2:
        return places[middle]
    return (places[middle - 1] + places[middle]) / 2


def crossings(layers: Layers) -> int:
    """Count how many pairs of edges cross; -1 where there are too many edges to count them."""
    if len(layers.pairs) > _MAX_EDGES_FOR_CROSSINGS:
        return -1
    return sum(
        _between(layer, following, layers.after) for layer, following in pairwise(layers.order)
    )


def _between(layer: list[int], following: list[int], after: Sequence[Sequence[int]]) -> int:
    place = {node: position for position, node in enumerate(following)}
    seen: list[int] = []
    total = 0
    for node in layer:
        targets = sorted(place[other] for other in after[node] if other in place)
        for target in targets:
            total += len(seen) - bisect_right(seen, target)
        for target in targets:
            insort(seen, target)
    return total
