"""Runs that stream: what they write is read while they go on, for they may never end.

What such a run writes is a version from its beginning on. Of several that write one dataset, the one
counts that began last before the read; what it wrote last it wrote when it ended, however it did, or at
the very moment of the read where it has not. A run that streams reads what was written before it began.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple

from lineage_graph.exchange.openlineage.checks import told_facet
from lineage_graph.exchange.openlineage.events import RunEvent

TABLES = """
CREATE TABLE began (run TEXT PRIMARY KEY, moment INTEGER, streams INTEGER) WITHOUT ROWID;
CREATE TABLE streams (run TEXT, dataset INTEGER, began INTEGER, ended INTEGER, told TEXT, PRIMARY KEY (run, dataset)) WITHOUT ROWID;
CREATE INDEX begun ON streams (dataset, began, run);
"""
BEGAN = """
INSERT INTO began VALUES (?, ?, ?) ON CONFLICT DO UPDATE
SET moment = min(moment, excluded.moment), streams = max(streams, excluded.streams)
"""
_STREAMS = """
INSERT OR REPLACE INTO streams SELECT o.run, o.dataset, b.moment, r.ended, o.told
FROM began b JOIN outputs o ON o.run = b.run LEFT JOIN runs r ON r.run = b.run WHERE b.streams
"""
_LATEST = """
SELECT began, ended, run, told FROM streams WHERE dataset = ? AND began < ? AND run != ?
ORDER BY began DESC, run DESC LIMIT 1
"""


class Stream(NamedTuple):
    """When a run began that streams, and when it ended, None where it has not (µs)."""

    began: int
    ended: int | None

    def grew_from(self, before: Stream | None) -> bool:
        """Say whether it is read at moments at which it was not before."""
        if before is None or self.began < before.began:
            return True
        return before.ended is not None and (self.ended is None or self.ended > before.ended)


class Begun(NamedTuple):
    """A version that a run that streams writes: in the order in which those count that began before a moment."""

    began: int
    run: str
    ended: int | None
    told: str | None

    def last_written(self, moment: int) -> int:
        """Return when it was written last before a moment."""
        return moment if self.ended is None else min(moment, self.ended)


def streams(event: RunEvent) -> bool:
    """Say whether an event tells that its run streams."""
    for facets in (event.job.facets, event.run.facets):
        facet = told_facet(facets, "jobType")
        if facet is not None:
            return str(facet.get("processingType")).upper() == "STREAMING"
    return False


def began_at(event: RunEvent) -> int:
    """Return when a run went on at the latest, as the store keeps it: no finer than milliseconds."""
    return event.event_time // 1000 * 1000


class Streams:
    """Knows which runs stream, and what they write; kept in a database of SQLite's."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.are_any = False  # until then nothing is asked

    def finish(self, run: str | None = None) -> None:
        """Make ready for questions: all was noted, or more of a run."""
        if run is None:
            self._database.execute(_STREAMS)
            return
        self._database.execute("DELETE FROM streams WHERE run = ?", (run,))
        self._database.execute(f"{_STREAMS} AND b.run = ?", (run,))

    def note(self, run: str, dataset: int, stream: Stream, told: str | None) -> None:
        """Take in a version of a run of which no more is known."""
        self.are_any = True
        row = (run, dataset, *stream, told)
        self._database.execute("INSERT OR IGNORE INTO streams VALUES (?, ?, ?, ?, ?)", row)

    def of(self, run: str) -> Stream | None:
        """Return when a run that streams began and ended, None where it does not stream."""
        if not self.are_any:
            return None
        rows = self._database.execute(
            "SELECT b.moment, r.ended FROM began b LEFT JOIN runs r ON r.run = b.run"
            " WHERE b.run = ? AND b.streams",
            (run,),
        )
        return next((Stream(*row) for row in rows), None)

    def latest(self, dataset: int, moment: int, but: str) -> Begun | None:
        """Return what the run writes that began to write a dataset last before a moment, but this one."""
        if not self.are_any:
            return None
        rows = self._database.execute(_LATEST, (dataset, moment, but))
        return next((Begun(began, run, ended, told) for began, ended, run, told in rows), None)
