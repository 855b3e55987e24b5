"""History: how a metric went while something trained, as lines by step; the template draws them as SVG.

A node may keep under ``history`` (a STRUCT) of each metric its values in order, each as ``[step, value, time]``,
the time in ms since the epoch; beside it ``<metric> least``, ``most`` and ``best``, and as ``<metric> logged`` how
many there were where not all are kept. A value that is no finite number is a text (NaN). ``histories`` puts what several artifacts
keep of one metric into one drawing, in its own units (pixels, from the upper left corner). Where all
steps are one, the values go by the seconds since the first, or else by their number.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from lineage_graph.charts.line_chart import part
from lineage_graph.model import Node
from lineage_graph.model.metrics import HISTORY, LOGGED, history_of


def origin_of(execution: str) -> str:
    """Return the origin of the artifact in which the recorder keeps the metrics of an execution, by its own."""
    return f"{execution}:{HISTORY}"


WIDTH, HEIGHT = 320.0, 132.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 52.0, 20.0, 12.0, 26.0
_BUCKETS, _FEWEST = (
    150,
    20,
)  # parts of all lines, of each, of which the least and the most are drawn
_LINES = 12  # of one drawing
_ROWS = 11  # of the table next to it
_MARK = 11.0  # how high a mark is
_DASHES = ("", "6 4", "2 3", "10 3 2 3")
_SMALL = {
    "loss",
    "error",
    "err",
    "rmse",
    "mse",
    "mae",
    "mape",
    "perplexity",
    "wer",
    "cer",
    "logloss",
}
_GREAT = {
    "accuracy",
    "acc",
    "auc",
    "f1",
    "precision",
    "recall",
    "score",
    "r2",
    "bleu",
    "iou",
    "map",
}
_Series = tuple[tuple[float, float], ...]


class Kept(NamedTuple):
    """What keeps histories: how its lines are marked (A, B; empty where there is one), called, and where it leads."""

    node: Node
    mark: str = ""
    label: str = ""
    path: str = ""


@dataclass(frozen=True)
class Line:
    """One artifact's values of a metric: SVG path data, and the place of its mark next to its end.

    ``words`` has its best value and its last.
    """

    kept: Kept
    line: str
    place: tuple[float, float]
    dash: str
    words: str


@dataclass(frozen=True)
class MetricHistory:
    """A metric's lines, what the axes say, and some of the values as rows of a table.

    ``by`` is what the values go by: step, second or value. Each row begins with it, then has a value
    of each line, None where there is none; ``whole`` is whether these are all. ``more`` lines are left out.
    """

    name: str
    by: str
    first: float
    last: float
    least: float
    most: float
    lines: tuple[Line, ...]
    rows: tuple[tuple[float, tuple[float | None, ...]], ...]
    whole: bool
    values: int
    more: int
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def description(self) -> str:
        """The drawing in words."""
        told = ". ".join(f"{line.kept.mark} {line.words}".strip() for line in self.lines)
        ends = f"from {self.by} {self.first:.6g} to {self.last:.6g}"
        return f"{self.values:,} values {ends}, from {self.least:.6g} to {self.most:.6g}. {told}."


def histories(kept: Iterable[Kept]) -> tuple[MetricHistory, ...]:
    """Return a drawing for each metric that has a history, by name."""
    by_name: dict[str, list[tuple[Kept, list[list[float]]]]] = {}
    for one in kept:
        for name, points in _told(one.node).items():
            by_name.setdefault(name, []).append((one, points))
    return tuple(_history(name, by_name[name]) for name in sorted(by_name, key=str.lower))


def _told(node: Node) -> dict[str, list[list[float]]]:
    """Return the valid points of each metric of a node."""
    found = {name: _points(points) for name, points in history_of(node).items()}
    return {name: points for name, points in found.items() if len(points) > 1}


def _points(told: Any) -> list[list[float]]:
    points = told if isinstance(told, (list, tuple)) else ()
    return [[*point, 0.0][:3] for point in points if _is_point(point)]


def _is_point(point: Any) -> bool:
    return (
        isinstance(point, (list, tuple))
        and len(point) in (2, 3)
        and all(
            isinstance(part, (int, float)) and not isinstance(part, bool) and math.isfinite(part)
            for part in point
        )
    )


def _history(name: str, told: Sequence[tuple[Kept, list[list[float]]]]) -> MetricHistory:
    shown = told[:_LINES]
    by = _by([points for _, points in shown])
    series = [_series(points, by) for _, points in shown]
    xs = [x for one in series for x, _ in one]
    ys = [y for one in series for _, y in one]
    sides = min(xs), max(xs), min(ys), max(ys)
    buckets = max(_FEWEST, _BUCKETS // len(series))
    lines = tuple(
        _line(
            kept,
            _thinned(one, buckets),
            sides,
            _DASHES[number % len(_DASHES)],
            _words(name, one, by) + _left_out(kept.node, name, len(one)),
        )
        for number, ((kept, _), one) in enumerate(zip(shown, series, strict=True))
    )
    whole = len({*xs}) <= _ROWS
    rows, more = _rows(series), len(told) - len(shown)
    return MetricHistory(name, by, *sides, _apart(lines), rows, whole, len(xs), more)


def _by(all_points: Iterable[list[list[float]]]) -> str:
    """Return the x axis that distinguishes the values: their steps, else their times, else their number."""
    held = list(all_points)
    for place, by in ((0, "step"), (2, "second")):
        if any(len({point[place] for point in points}) > 1 for points in held):
            return by
    return "value"


def _series(points: list[list[float]], by: str) -> _Series:
    if by == "value":
        return tuple((float(number), point[1]) for number, point in enumerate(points, start=1))
    if by == "step":
        return tuple((x, y) for x, y, _ in sorted(points, key=lambda point: point[0]))
    first = min(point[2] for point in points)
    return tuple(((at - first) / 1000, y) for _, y, at in sorted(points, key=lambda p: p[2]))


def _line(
    kept: Kept, series: _Series, sides: tuple[float, float, float, float], dash: str, words: str
) -> Line:
    first, last, least, most = sides
    across, down = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    places = [
        (
            round(_LEFT + across * part(x, first, last), 1),
            round(_TOP + down * (1 - part(y, least, most)), 1),
        )
        for x, y in series
    ]
    x, y = places[-1]
    return Line(
        kept, "M" + "L".join(f"{x:g} {y:g}" for x, y in places), (x + 9, y + 4), dash, words
    )


def _apart(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """Put marks above each other where lines end close by."""
    room = (HEIGHT - _TOP - _BOTTOM) / max(1, len(lines) - 1)
    free = HEIGHT - _BOTTOM + 4
    places: dict[int, tuple[float, float]] = {}
    for number in sorted(range(len(lines)), key=lambda n: -lines[n].place[1]):
        x, y = lines[number].place
        places[number] = (round(x, 1), round(min(y, free), 1))
        free = places[number][1] - min(_MARK, room)
    return tuple(replace(line, place=places[n]) for n, line in enumerate(lines))


def _thinned(series: _Series, buckets: int) -> _Series:
    """Return of many points the least and the most of each part, and the last."""
    if len(series) <= 2 * buckets:
        return series
    found: list[tuple[float, float]] = []
    for number in range(buckets):
        begin, end = (len(series) * edge // buckets for edge in (number, number + 1))
        places = range(begin, end)
        ends = {min(places, key=lambda i: series[i][1]), max(places, key=lambda i: series[i][1])}
        found += [series[i] for i in sorted(ends)]
    return (*found, series[-1])


def _words(name: str, series: _Series, by: str) -> str:
    """Say of a line its best value, or its least and its most where the name does not say which is best; and the last."""
    last = f"last {series[-1][1]:.4g}"
    least, most = min(y for _, y in series), max(y for _, y in series)
    best = best_of(name, least, most)
    if best is None:
        return f"from {least:.4g} to {most:.4g}, {last}"
    x = next(x for x, y in series if y == best)
    return f"best {best:.4g} at {by} {x:.6g}, {last}"


def best_of(name: str, least: float, most: float, higher: bool | None = None) -> float | None:
    """Return the best of a metric's values, None where neither ``higher`` nor its name says which that is."""
    if higher is None:
        parts = set(re.findall(r"[a-z]+[0-9]*", name.lower()))
        if not parts & (_SMALL | _GREAT):
            return None
        higher = not parts & _SMALL
    return most if higher else least


def _left_out(node: Node, name: str, drawn: int) -> str:
    """Say which values cannot be drawn, or are not kept."""
    kept = len(history_of(node)[name])
    logged = node.custom_properties.get(name + LOGGED)
    said = f"; {kept - drawn:,} no numbers" if kept > drawn else ""
    return said + (f"; thinned: {kept:,} of {logged:,} values" if isinstance(logged, int) else "")


def _rows(series: Sequence[_Series]) -> tuple[tuple[float, tuple[float | None, ...]], ...]:
    """Return evenly spread rows, with the first and the last."""
    held = [dict(one) for one in series]
    xs = sorted({x for one in held for x in one})
    count = min(_ROWS, len(xs))
    places = {round(i * (len(xs) - 1) / max(1, count - 1)) for i in range(count)}
    return tuple((xs[i], tuple(one.get(xs[i]) for one in held)) for i in sorted(places))
