"""New nodes go between older ones, which keep their order, where the fewest edges cross."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence


def insert(
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
    order: list[list[int]],
    new: Sequence[Sequence[int]],
) -> None:
    """Insert the ``new`` of every layer into its ``order``, in place."""
    place = [-1] * len(before)
    for layer in order:
        for position, node in enumerate(layer):
            place[node] = position
    waiting: list[list[int]] = []
    for layer, coming in zip(order, new, strict=True):
        later = []
        for node in coming:
            near = _places(before[node], place), _places(after[node], place)
            if near[0] or near[1]:
                _insert(node, near, layer, place, before, after)
            else:
                later.append(node)
        waiting.append(later)
    for layer, coming in zip(reversed(order), reversed(waiting), strict=True):
        for node in coming:
            near = _places(before[node], place), _places(after[node], place)
            _insert(node, near, layer, place, before, after)


def _places(nodes: Sequence[int], place: Sequence[int]) -> list[int]:
    return sorted([place[node] for node in nodes if place[node] >= 0])


def _insert(
    node: int,
    near: tuple[list[int], list[int]],
    layer: list[int],
    place: list[int],
    before: Sequence[Sequence[int]],
    after: Sequence[Sequence[int]],
) -> None:
    """Insert one node where it adds the fewest crossings, of such places in the lowest."""
    best, least, cost = len(layer), 0, 0
    for position in range(len(layer) - 1, -1, -1):
        other = layer[position]
        for mine, ways in ((near[0], before), (near[1], after)):
            if mine:
                for neighbour in ways[other]:
                    at = place[neighbour]
                    if at >= 0:  # above it: those below cross; below it: those above do
                        cost += len(mine) - bisect_right(mine, at) - bisect_left(mine, at)
        if cost < least:
            best, least = position, cost
    layer.insert(best, node)
    for position in range(best, len(layer)):
        place[layer[position]] = position
