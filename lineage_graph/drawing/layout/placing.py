"""Where the items of a sketch stand: the layout, kept for graphs that were placed before."""

from __future__ import annotations

import hashlib
import math
import threading
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import pairwise

from lineage_graph.drawing.layout.layered import CARD_WIDTH, COLUMN, Placement, Point, place
from lineage_graph.drawing.sketch import Sketch, SketchEdge

_KEPT = 64  # placements
_NARROW = 0.2  # how much is left of a column that nothing stands in

_placements: OrderedDict[str, Placement] = OrderedDict()
_lock = threading.Lock()


@dataclass(frozen=True)
class Places:
    """Where each item stands, by its key, and the points each line goes through, in their order."""

    positions: dict[str, Point]
    routes: list[list[Point]]
    width: float
    height: float


def placed(whole: Sketch, shown: Sketch) -> Places:
    """Place a whole sketch, and return where the part of it that is shown stands.

    A line that goes through items that are left out takes the way through where they would stand.
    Columns in which nothing is left are narrow.
    """
    number = whole.number
    ends = [(number[line.source], number[line.target]) for line in whole.lines]
    placement = _placed(len(whole.items), ends)
    if not shown.items:
        return Places({}, [], placement.width, placement.height)
    if shown is whole:
        where = dict(zip(number, placement.positions, strict=True))
        return Places(where, placement.routes, placement.width, placement.height)
    routes: dict[tuple[str, str], list[Point]] = {}
    exact: dict[tuple[str, str, str, str], list[Point]] = {}
    for line, route in zip(whole.lines, placement.routes, strict=True):
        routes.setdefault((line.source, line.target), route)
        exact[(line.source, line.target, line.type, line.path)] = route

    def way(line: SketchEdge) -> list[Point]:
        same = exact.get((line.source, line.target, line.type, line.path))
        if same is not None and not line.through:
            return same
        stops = (line.source, *line.through, line.target)
        points = routes[stops[0], stops[1]][:1]
        for source, target in pairwise(stops):
            points = [*points, *routes[source, target][1:-1], placement.positions[number[target]]]
        return [*points[:-1], routes[stops[-2], stops[-1]][-1]]

    narrow = _Columns(
        placement.positions, {placement.positions[number[item.key]][0] for item in shown.items}
    )
    positions = {
        item.key: narrow.point(placement.positions[number[item.key]]) for item in shown.items
    }
    ways = [[narrow.point(point) for point in way(line)] for line in shown.lines]
    rights = [x + CARD_WIDTH / 2 for x, _ in positions.values()]
    width = max([0.0, *rights, *(x for points in ways for x, _ in points)])
    return Places(positions, ways, width, placement.height)


class _Columns:
    """Where the columns stand when those without any card are made narrow."""

    def __init__(self, positions: Sequence[Point], used: Collection[float]) -> None:
        self._origin = min(x for x, _ in positions) - CARD_WIDTH / 2
        columns = {self._of(x) for x in used}
        self._starts = [0.0]
        self._scales: list[float] = []
        for column in range(max(columns, default=0) + 1):
            self._scales.append(1.0 if column in columns else _NARROW)
            self._starts.append(self._starts[-1] + COLUMN * self._scales[-1])

    def _of(self, x: float) -> int:
        return math.floor((x - self._origin) / COLUMN)

    def point(self, point: Point) -> Point:
        """Return where a point of the layout has gone."""
        x, y = point
        column = min(max(0, self._of(x)), len(self._scales) - 1)
        into = (x - self._origin - column * COLUMN) * self._scales[column]
        return (self._origin + self._starts[column] + into, y)


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
