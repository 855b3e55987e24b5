"""Chart: a number over time as a line, worked out on the server; the template draws it as SVG.

``chart(points)`` takes the points in any order and returns where each stands, the line through them
and what the axes say, in the units of the drawing (pixels, from the upper left corner). The macro
``chart`` of ``web/templates/_charts.html`` writes it, with a title and a description for those who
do not see it. Values that are no numbers (NaN, infinity) have no place and are left out.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

WIDTH, HEIGHT = 320.0, 110.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 8.0, 12.0, 22.0, 10.0
_NARROWEST = 1e-12  # a spread below this is none


class Datum(NamedTuple):
    """A value at a time (ms since the epoch): what it is of, where that leads, and its mark.

    ``mark`` is a short text at points that stand out, such as the letter of a column.
    """

    time: float
    value: float
    label: str = ""
    path: str = ""
    mark: str = ""


class Dot(NamedTuple):
    """Where a point stands."""

    x: float
    y: float
    datum: Datum


@dataclass(frozen=True)
class Chart:
    """Dots in the order of time, the line through them as SVG path data, the least and the most."""

    dots: tuple[Dot, ...]
    line: str
    least: float
    most: float
    width: float = WIDTH
    height: float = HEIGHT

    @property
    def marked(self) -> tuple[Dot, ...]:
        """The dots that stand out."""
        return tuple(dot for dot in self.dots if dot.datum.mark)

    @property
    def description(self) -> str:
        """The chart in words."""
        first, last = self.dots[0].datum.value, self.dots[-1].datum.value
        marks = "; ".join(f"{d.datum.mark}: {d.datum.value:.6g}" for d in self.marked)
        return (
            f"{len(self.dots)} values from {self.least:.6g} to {self.most:.6g}, "
            f"the first {first:.6g}, the last {last:.6g}." + (f" {marks}." if marks else "")
        )


def chart(points: Iterable[Datum]) -> Chart | None:
    """Return the chart of some points; None where there is none to draw."""
    data = sorted(p for p in points if math.isfinite(p.value) and math.isfinite(p.time))
    if not data:
        return None
    first, last = data[0].time, data[-1].time
    least, most = min(p.value for p in data), max(p.value for p in data)
    across, down = WIDTH - _LEFT - _RIGHT, HEIGHT - _TOP - _BOTTOM
    dots = tuple(
        Dot(
            round(_LEFT + across * part(p.time, first, last), 1),
            round(_TOP + down * (1 - part(p.value, least, most)), 1),
            p,
        )
        for p in data
    )
    line = "M" + "L".join(f"{dot.x:g} {dot.y:g}" for dot in dots)
    return Chart(dots, line, least, most)


def part(value: float, least: float, most: float) -> float:
    """How far a value lies between two others; in the middle where they are one."""
    spread = most / 2 - least / 2  # halves: the spread of the greatest numbers is none
    return (value / 2 - least / 2) / spread if spread > _NARROWEST * abs(most) else 0.5
