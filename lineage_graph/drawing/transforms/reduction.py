"""Transitive reduction: a wire whose ends are joined by a longer way is left out."""

from __future__ import annotations

from dataclasses import replace

from lineage_graph.drawing.sketch import Sketch
from lineage_graph.drawing.transforms.flow import flow_of


def reduced(sketch: Sketch) -> Sketch:
    """Return a sketch with the fewest lines that still join what was joined, the same way round.

    Lines that close a circle stay. What can be reached from an item is one number, a bit for each
    item, so ten thousand items take some milliseconds.
    """
    flow = flow_of(sketch)
    position = {node: place for place, node in enumerate(flow.order)}
    following: list[list[int]] = [[] for _ in flow.order]
    for source, target in flow.edges:
        following[position[source]].append(position[target])
    reach = [0] * len(flow.order)
    needless: set[tuple[int, int]] = set()
    for node in reversed(range(len(flow.order))):
        covered = 0
        for target in sorted(following[node]):
            if covered >> target & 1:
                needless.add((node, target))
            else:
                covered |= reach[target] | 1 << target
        reach[node] = covered
    number = sketch.number
    return replace(
        sketch,
        lines=tuple(
            line
            for line in sketch.lines
            if (position[number[line.source]], position[number[line.target]]) not in needless
        ),
    )
