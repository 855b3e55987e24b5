"""Runs over time as bars: how long each took, coloured by how it ended, each leading to its page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lineage_graph.model.labels import MARKS

_HEIGHT = 90  # px
_SLOTS = 12  # places for bars at least, so that few runs are not walls


@dataclass(frozen=True)
class Bar:
    """One bar: its length in ms (None: not known), its state, where it leads and what it is."""

    length: int | None
    state: str
    path: str
    title: str


def bars(columns: Sequence[Bar], label: str) -> str:
    """Return the bars as one SVG as wide as its place, in the order given; nothing for none.

    A cross below a bar marks a failure, a ring marks a run that is still going on.
    """
    if not columns:
        return ""
    most = max((column.length or 0 for column in columns), default=0) or 1
    wide = 100 / max(len(columns), _SLOTS)
    parts = [
        f'<svg class="bars" width="100%" height="{_HEIGHT + 16}" role="group" aria-label={quoteattr(label)}>'
    ]
    for number, column in enumerate(columns):
        mark = MARKS.get(column.state, "")
        high = max(3.0, _HEIGHT * max(column.length or 0, 0) / most)
        left, sign = number * wide, {"bad": "×", "busy": "○"}.get(mark, "")
        parts.append(
            f"<a href={quoteattr(column.path)} aria-label={quoteattr(column.title)}>"
            f"<title>{escape(column.title)}</title>"
            f'<rect class="bar {mark}" x="{left + wide * 0.15:.2f}%" y="{_HEIGHT - high:.1f}" '
            f'width="{wide * 0.7:.2f}%" height="{high:.1f}"/>'
            f'<text x="{left + wide / 2:.2f}%" y="{_HEIGHT + 13}" text-anchor="middle">{sign}</text></a>'
        )
    return "".join((*parts, "</svg>"))
