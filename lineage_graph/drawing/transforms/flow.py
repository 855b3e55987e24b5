"""The order in which data flows through a sketch, also where it goes in circles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lineage_graph.drawing.layout.cycles import turned
from lineage_graph.drawing.layout.sizes import Edge
from lineage_graph.drawing.sketch import Sketch


@dataclass(frozen=True)
class SketchFlow:
    """``order`` names each item's number, sources first; ``edges`` pairs of numbers, each once.

    An edge that closes a circle is not among the edges: without it, all edges go forward.
    """

    order: list[int]
    edges: list[Edge]


def flow_of(sketch: Sketch) -> SketchFlow:
    """Return the flow of a sketch; circles are entered where time begins."""
    number = sketch.number
    pairs = dict.fromkeys((number[line.source], number[line.target]) for line in sketch.lines)
    return flow(len(sketch.items), [edge for edge in pairs if edge[0] != edge[1]])


def flow(count: int, edges: Sequence[Edge]) -> SketchFlow:
    """Return the flow of a graph, in linear time."""
    back = turned(count, edges)
    forward = [edge for edge in edges if edge not in back]
    following: list[list[int]] = [[] for _ in range(count)]
    waiting = [0] * count
    for source, target in forward:
        following[source].append(target)
        waiting[target] += 1
    order = [node for node in range(count) if not waiting[node]]
    for node in order:
        for target in following[node]:
            waiting[target] -= 1
            if not waiting[target]:
                order.append(target)
    return SketchFlow(order, forward)


def ranks(sketch: Sketch) -> dict[str, int]:
    """Return each item's column: the longest way to it; what nothing made stands before its first use."""
    found = flow_of(sketch)
    following: list[list[int]] = [[] for _ in sketch.items]
    made = [False] * len(sketch.items)
    for source, target in found.edges:
        following[source].append(target)
        made[target] = True
    rank = [0] * len(sketch.items)
    for node in found.order:
        for target in following[node]:
            rank[target] = max(rank[target], rank[node] + 1)
    for node, others in enumerate(following):
        if not made[node] and others:
            rank[node] = min(rank[other] for other in others) - 1
    return {item.key: rank[number] for number, item in enumerate(sketch.items)}
