"""How high the nodes of a layered graph stand: each as near to its neighbours as order and gaps allow.

For one layer this is exact: an isotonic regression, solved by pooling adjacent violators.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from lineage_graph.drawing.layout.ordering import Layers
from lineage_graph.drawing.layout.sizes import GAP, WIRE_GAP

_SWEEPS = 6


def heights(layers: Layers, tops: Sequence[float], outside: Sequence[float | None]) -> list[float]:
    """Return the vertical centre of every node and bend; no layer reaches above its ``tops``.

    ``outside`` is where neighbours that stand already would have a node, None where it has none.
    """
    ys = [0.0] * len(layers.rank)
    settlers = [
        _Layer(layers, layer, top) for layer, top in zip(layers.order, tops, strict=True) if layer
    ]
    for settler in settlers:
        settler.stack(ys)
    for sweep in range(_SWEEPS):
        forward = sweep % 2 == 0
        towards = layers.before if forward else layers.after
        for settler in settlers if forward else reversed(settlers):
            settler.settle(towards, outside, ys)
    for settler in settlers:
        settler.settle(layers.around, outside, ys)
    spare = min(ys[settler.nodes[0]] - settler.first for settler in settlers)
    return [y - spare for y in ys]


class _Layer:
    """One layer from top to bottom; ``first`` is the least height of its first node."""

    def __init__(self, layers: Layers, nodes: list[int], top: float) -> None:
        self.nodes = nodes
        self.first = top + layers.size(nodes[0]) / 2
        self._offsets = [0.0]
        total = 0.0
        for above, below in pairwise(nodes):
            bend = layers.is_bend(above) or layers.is_bend(below)
            total += (layers.size(above) + layers.size(below)) / 2 + (WIRE_GAP if bend else GAP)
            self._offsets.append(total)
        self._bends = [layers.is_bend(node) for node in nodes]

    def stack(self, ys: list[float]) -> None:
        for node, offset in zip(self.nodes, self._offsets, strict=True):
            ys[node] = self.first + offset

    def settle(
        self, towards: Sequence[Sequence[int]], outside: Sequence[float | None], ys: list[float]
    ) -> None:
        slack: list[float] = []
        weights: list[float] = []
        for node, offset, bend in zip(self.nodes, self._offsets, self._bends, strict=True):
            neighbours = towards[node]
            if neighbours:
                wanted = sum([ys[other] for other in neighbours]) / len(neighbours)
                weights.append(4.0 if bend else 1.0)
            else:
                anchor = outside[node] if node < len(outside) else None
                wanted = ys[node] if anchor is None else max(anchor, self.first)
                weights.append(0.05 if anchor is None else 0.5)
            slack.append(wanted - offset)
        least = self.first
        for node, value, offset in zip(
            self.nodes, isotonic(slack, weights), self._offsets, strict=True
        ):
            ys[node] = (value if value > least else least) + offset


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
