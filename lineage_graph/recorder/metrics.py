"""Metrics over time: every value that is logged of a metric, thinned where there are many.

``Histories.log`` is called by the training for each value, so it does little: it appends to a list. What is
kept is bounded: of a metric with more than ``MAX_POINTS`` values, equal parts are kept by their least and
their most, so extremes stay, and how many were logged is told.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable
from datetime import datetime
from typing import Any, NamedTuple

from lineage_graph.charts.metric_history import best_of
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Properties, Value
from lineage_graph.model.metrics import BEST, HISTORY, LEAST, LOGGED, MOST, number_or_text

MAX_POINTS = 1000
"""Values of a metric that are all kept; of more, at most so many, and at least half as many."""
Point = tuple[float, float, float]
"""Step, value, time in ms since the epoch."""


def moment_of(given: float | datetime | None) -> float | None:
    """Return a time as ms since the epoch: seconds since the epoch, or a datetime.

    Raises:
        InvalidArgument: it is neither.
    """
    if given is None:
        return None
    if isinstance(given, datetime):
        return given.timestamp() * 1000
    return number_of(given, "time") * 1000


def number_of(given: object, what: str) -> float:
    """Return a number of Python's, numpy's and the like.

    Raises:
        InvalidArgument: it is none, or not finite.
    """
    if type(given) is int or type(given) is float:
        number = float(given)
    else:
        try:
            number = float(given)  # type: ignore[arg-type]
        except (TypeError, ValueError):
            number = math.nan
    if not math.isfinite(number):
        raise InvalidArgument(
            f"{what}={given!r} is no number.", hint=f"Log {what}=3, or leave it out."
        )
    return number


class Extent(NamedTuple):
    """The least and the most of a metric's values; both infinite where none is a finite number."""

    least: float = math.inf
    most: float = -math.inf


class History:
    """The values of one metric in the order they were logged."""

    def __init__(self) -> None:
        self.logged = 0
        self.extent = Extent()
        self._kept: list[Point] = []
        self._part: list[Point] = []  # what is not thinned yet
        self._last: Point | None = None
        self._size = 1  # values that two kept points stand for, halved

    def add(self, step: float | None, value: float, moment: float) -> None:
        """Take in a value; without a step its number is the step."""
        point = (float(self.logged if step is None else step), value, moment)
        self._last = point
        self.logged += 1
        least, most = self.extent
        if (value < least or value > most) and math.isfinite(value):
            self.extent = Extent(min(value, least), max(value, most))
        if self._size == 1:
            self._kept.append(point)
        else:
            self._part.append(point)
            if len(self._part) >= 2 * self._size:
                self._kept += _ends(self._part)
                self._part.clear()
        if len(self._kept) > MAX_POINTS:
            self._halve()

    def _halve(self) -> None:
        kept = self._kept
        self._kept = [point for i in range(0, len(kept), 4) for point in _ends(kept[i : i + 4])]
        self._size *= 2

    @property
    def is_thinned(self) -> bool:
        """True where not all values are kept."""
        return self._size > 1

    def points(self) -> list[Point]:
        """Return what is kept, the last value always."""
        kept = [*self._kept, *_ends(self._part)]
        if self._last is not None and (not kept or kept[-1] is not self._last):
            kept.append(self._last)
        return kept


class Histories:
    """The metrics of one step or run. Its caller holds a lock, or is the only one that logs."""

    def __init__(self) -> None:
        self._by_name: dict[str, History] = {}
        self._higher_is_better: dict[str, bool] = {}

    def log(
        self,
        metrics: Iterable[tuple[str, Value]],
        step: float | None = None,
        moment: float | None = None,
    ) -> None:
        """Take in what was measured at once; texts have no history."""
        at = time.time() * 1000 if moment is None else moment
        for name, value in metrics:
            if isinstance(value, (int, float)):
                history = self._by_name.get(name)
                if history is None:
                    history = self._by_name[name] = History()
                history.add(step, float(value), at)

    def prefer(self, names: Iterable[str], *, higher: bool) -> None:
        """Note that the best value of these metrics is their most, or their least."""
        self._higher_is_better |= dict.fromkeys(names, higher)

    def properties(self) -> Properties:
        """Return what is kept of metrics that were logged more than once; nothing where none was."""
        found: Properties = {}
        told: dict[str, Any] = {}
        for name, history in self._by_name.items():
            if history.logged < 2:
                continue
            told[name] = [[step, number_or_text(value), at] for step, value, at in history.points()]
            if history.is_thinned:
                found[name + LOGGED] = history.logged
            least, most = history.extent
            if least <= most:
                found[name + LEAST], found[name + MOST] = least, most
                best = best_of(name, least, most, self._higher_is_better.get(name))
                if best is not None:
                    found[name + BEST] = best
        return {**found, HISTORY: told} if told else {}


def _ends(points: list[Point]) -> list[Point]:
    """Return the points with the least and the most value, in their order; one that is no number is neither."""
    numbered = [point for point in points if not math.isnan(point[1])] or points
    if len(numbered) < 2:
        return list(numbered)
    least = min(numbered, key=_value)
    most = max(numbered, key=_value)
    if least is most:
        return [least, numbered[-1]] if numbered[-1] is not least else [numbered[0], least]
    return [least, most] if points.index(least) < points.index(most) else [most, least]


def _value(point: Point) -> float:
    return point[1]
