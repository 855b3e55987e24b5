"""The runs of a pipeline over time: how often they go well, how long they take."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from lineage_graph.charts.bars import Bar, bars
from lineage_graph.model import Kind, Ref
from lineage_graph.model.plain import duration
from lineage_graph.server.render import path_of
from lineage_graph.store import Answer

SHOWN = 50  # runs at once
_GOOD, _OVER = ("COMPLETE", "CACHED"), ("COMPLETE", "CACHED", "FAILED", "CANCELED")


@dataclass(frozen=True)
class Summary:
    """What the runs on a page have in common; ``share`` is of those that ended, lengths are in ms."""

    page: int
    pages: int
    total: int
    ended: int
    good: int
    median: int | None
    last: int | None
    chart: str

    @property
    def share(self) -> int | None:
        """How many of a hundred runs went well."""
        return round(100 * self.good / self.ended) if self.ended else None


def summary_of(answer: Answer, total: int, page: int) -> Summary | None:
    """Sum up one page of the answer of ``runs_of_pipeline``; None where there are no runs."""
    rows = [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
    if not rows:
        return None
    ended = [row for row in rows if row["state"] in _OVER]
    lengths = [row["duration"] for row in ended if row["duration"] is not None]
    return Summary(
        page=page,
        pages=max(1, -(-total // SHOWN)),
        total=total,
        ended=len(ended),
        good=sum(row["state"] in _GOOD for row in ended),
        median=int(statistics.median(lengths)) if lengths else None,
        last=lengths[0] if lengths else None,
        chart=_chart(rows),
    )


def _chart(rows: Sequence[dict[str, Any]]) -> str:
    columns = [
        Bar(
            length=row["duration"],
            state=row["state"],
            path=path_of(Ref(Kind.CONTEXT, row["context"])),
            title=f"{row['name']}: {row['state'].lower()}, {duration(row['duration']) or 'no length'}",
        )
        for row in reversed(rows)
    ]
    return bars(columns, "How long each run took, the oldest first; the table below says the same")
