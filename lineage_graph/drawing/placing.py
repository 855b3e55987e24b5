"""Where the items of a sketch stand: the layout, kept for graphs that were placed before."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

from lineage_graph.drawing.layout import Placement, place
from lineage_graph.drawing.sketch import Sketch

_KEPT = 64  # placements

_placements: OrderedDict[str, Placement] = OrderedDict()
_lock = threading.Lock()


def placed(sketch: Sketch) -> Placement:
    """Return the placement of a sketch: positions as its items are ordered, routes as its lines."""
    number = sketch.number
    return _placed(
        len(sketch.items), [(number[line.source], number[line.target]) for line in sketch.lines]
    )


def _placed(count: int, ends: Sequence[tuple[int, int]]) -> Placement:
    """Return the placement of a graph, from the cache where this very graph was placed before."""
    key = hashlib.sha256(repr((count, ends)).encode()).hexdigest()
    with _lock:
        if key in _placements:
            _placements.move_to_end(key)
            return _placements[key]
    placement = place(count, ends)
    with _lock:
        _placements[key] = placement
        if len(_placements) > _KEPT:
            _placements.popitem(last=False)
    return placement
