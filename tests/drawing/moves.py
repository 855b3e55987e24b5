"""How much of a picture moves when the lineage grows."""

from __future__ import annotations

import statistics

from lineage_graph.drawing.layout.layered import ROW, Placement


def moved(old: Placement, new: Placement) -> float:
    """Return the part of the old nodes that moved by more than a row, after the best shift."""
    ways = [
        (x2 - x1, y2 - y1) for (x1, y1), (x2, y2) in zip(old.positions, new.positions, strict=False)
    ]
    usual = statistics.mode(x for x, _ in ways)
    level = sorted(y for x, y in ways if x == usual)
    kept = first = 0
    for last, way in enumerate(level):
        while way - level[first] > 2 * ROW + 0.01:
            first += 1
        kept = max(kept, last - first + 1)
    return 1 - kept / len(ways)
