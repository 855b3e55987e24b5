"""Bars over time, one row each: a Gantt chart whose rows stand in a table of the page.

Every row is an SVG of its own as wide as its cell, so that text stays readable on a narrow screen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lineage_graph.model.labels import MARKS
from lineage_graph.model.plain import duration

_HEIGHT = 18  # px of a row
_TICKS = 4
_TICK_SECONDS = (
    1,
    2,
    5,
    10,
    15,
    30,
    60,
    120,
    300,
    600,
    900,
    1800,
    3600,
    7200,
    14400,
    21600,
    43200,
    86400,
)


@dataclass(frozen=True)
class Bar:
    """What is drawn in one row: from start to end in ms, nothing without a start.

    Without an end it is still going on, or its end is not known.
    """

    start: int | None
    end: int | None
    path: str
    title: str
    state: str = ""
    is_critical: bool = False


@dataclass(frozen=True)
class Gantt:
    """The SVG of the axis and of each bar, and the time they span, in ms; None where no start is known."""

    axis: str
    rows: tuple[str, ...]
    begin: int | None
    end: int | None


def gantt(bars: Sequence[Bar], now: int) -> Gantt | None:
    """Draw bars on one axis of time; None where there are none.

    A bar without an end goes to ``now``, or where nothing happened for longer than all the rest
    took, as if forgotten, to the end of the last of the others.
    """
    if not bars:
        return None
    spans = [(bar.start, bar.end) for bar in bars if bar.start is not None]
    if not spans:
        return Gantt("", ("",) * len(bars), None, None)
    begin = min(start for start, _ in spans)
    last = max(max(start, start if end is None else end) for start, end in spans)
    if any(end is None for _, end in spans) and now - last <= max(last - begin, 3_600_000):
        last = max(last, now)
    span = max(last - begin, 1)

    def share(moment: int) -> float:
        return 100 * (moment - begin) / span

    rows = tuple(
        ""
        if bar.start is None
        else _row(bar, share(bar.start), share(last if bar.end is None else bar.end))
        for bar in bars
    )
    return Gantt(_axis(span), rows, begin, last)


def _row(bar: Bar, left: float, right: float) -> str:
    marks = ["bar", MARKS.get(bar.state, "")]
    if bar.is_critical:
        marks.append("critical")
    if bar.end is None:
        marks.append("open")
    look = " ".join(filter(None, marks))
    return (
        f'<svg class="lane" width="100%" height="{_HEIGHT}" aria-hidden="true">'
        f'<a href={quoteattr(bar.path)} tabindex="-1"><title>{escape(bar.title)}</title>'
        f'<rect class="{look}" x="{left:.2f}%" width="{max(right - left, 0.1):.2f}%" y="4" height="10"/>'
        "</a></svg>"
    )


def _axis(span: int) -> str:
    """The times since the begin, at round numbers."""
    step = next((s for s in _TICK_SECONDS if span / 1000 / s <= _TICKS), 0) * 1000
    while not step or span / step > _TICKS:  # longer than days, or shorter than seconds
        step = step * 2 if step else 86_400_000
    parts = [f'<svg class="lane" width="100%" height="{_HEIGHT}" aria-hidden="true">']
    for moment in range(0, span + 1, step):
        at = 100 * moment / span
        anchor = "end" if at > 92 else "start"
        label = "0" if moment == 0 else f"+{_short(moment)}"
        parts.append(
            f'<line x1="{at:.2f}%" x2="{at:.2f}%" y1="12" y2="{_HEIGHT}"/>'
            f'<text x="{at:.2f}%" y="10" text-anchor="{anchor}">{escape(label)}</text>'
        )
    return "".join((*parts, "</svg>"))


def _short(milliseconds: int) -> str:
    return f"{milliseconds // 1000} s" if milliseconds < 60_000 else duration(milliseconds)
