"""Which version of a dataset a run read, where no event tells it.

The rule, the same in every order of events: a run that does not tell which version it reads, read
the version that was written last before. Written is a version when its run completed; what failed
or has not ended is read by nobody. Before means earlier than the first event of the run that
names the dataset as an input, and no later than the run's own end. So lineage always leads
from earlier to later, and a dataset that is read and written again and again makes a chain, no circle.
"""

from __future__ import annotations

import sqlite3
from typing import NamedTuple, Protocol

from lineage_graph.exchange.openlineage.events import Event, JobEvent, RunEvent, RunState
from lineage_graph.exchange.openlineage.facets import DatasetFacets


class Dataset(NamedTuple):
    """What names a dataset."""

    namespace: str
    name: str


def told_version(facets: DatasetFacets) -> str | None:
    """Return the version that an event tells of a dataset, if any."""
    facet = facets.get("version")
    if facet is None or facet.get("_deleted") is True:
        return None
    return facet["datasetVersion"] or None


def version_key(run: str, told: str | None) -> str:
    """Return what tells the version that a run wrote from all others of the dataset."""
    return f"run:{run}" if told is None else f"version:{told}"


def versions_written(event: JobEvent) -> dict[Dataset, str | None]:
    """Return the versions an event tells of its outputs, None where it tells none.

    A version that the run also reads is that of before, not the one it writes.
    """
    read = {(i.namespace, i.name, told_version(i.facets)) for i in event.inputs or ()}
    found: dict[Dataset, str | None] = {}
    for output in event.outputs or ():
        told = told_version(output.facets)
        if (output.namespace, output.name, told) in read:
            told = None
        found[Dataset(output.namespace, output.name)] = told
    return found


class History(Protocol):
    """What is known of versions of datasets."""

    def written(self, dataset: Dataset, run: str) -> str | None:
        """Return the version that the run told of its output, if any of its events did."""

    def read(self, dataset: Dataset, run: str, moment: int) -> str:
        """Return the key of the version that a run read at a moment (µs), empty where none is known."""


_TABLES = """
CREATE TABLE outputs (dataset INTEGER, run TEXT, told TEXT, PRIMARY KEY (dataset, run)) WITHOUT ROWID;
CREATE TABLE inputs (dataset INTEGER, run TEXT, first INTEGER, PRIMARY KEY (dataset, run)) WITHOUT ROWID;
CREATE TABLE runs (run TEXT PRIMARY KEY, completed INTEGER) WITHOUT ROWID;
CREATE TABLE datasets (id INTEGER PRIMARY KEY, namespace TEXT, name TEXT, UNIQUE (namespace, name));
"""
_MANY = 500  # rows written together


class FileHistory:
    """What a whole file tells; kept in a temporary database of SQLite's, so that memory stays flat."""

    def __init__(self) -> None:
        # A file without a name, gone when closed; it may be read in another thread than it is closed.
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _TABLES)
        self._outputs: list[tuple[int, str, str | None]] = []
        self._inputs: list[tuple[int, str, int]] = []
        self._runs: list[tuple[str, int]] = []
        self._ids: dict[Dataset, int] = {}

    def close(self) -> None:
        """Let go of what is known."""
        self._database.close()

    def note(self, event: Event) -> None:
        """Take in an event."""
        if not isinstance(event, RunEvent):
            return
        run = event.run.run_id
        for dataset, told in versions_written(event).items():
            self._outputs.append((self._id(dataset), run, told))
        for read in event.inputs or ():
            dataset = Dataset(read.namespace, read.name)
            self._inputs.append((self._id(dataset), run, event.event_time))
        if event.event_type is RunState.COMPLETE:
            self._runs.append((run, event.event_time))
        if len(self._outputs) + len(self._inputs) + len(self._runs) > _MANY:
            self._flush()

    def finish(self) -> None:
        """Make ready for questions: everything was noted."""
        self._flush()
        self._database.executescript("""
            CREATE TABLE versions AS SELECT o.dataset, r.completed, o.run, o.told
                FROM outputs o JOIN runs r ON r.run = o.run;
            CREATE INDEX latest ON versions (dataset, completed, run);
        """)

    def written(self, dataset: Dataset, run: str) -> str | None:
        """Return the version told last in the alphabet: events of one run tell one."""
        rows = self._database.execute(
            "SELECT told FROM outputs WHERE dataset = ? AND run = ?", (self._id(dataset), run)
        )
        return next((row[0] for row in rows), None)

    def read(self, dataset: Dataset, run: str, moment: int) -> str:
        """Return the key of the version that was written last before the run read it."""
        known = self._id(dataset)
        rows = self._database.execute(
            "SELECT min(i.first, coalesce(r.completed, i.first)) FROM inputs i"
            " LEFT JOIN runs r ON r.run = i.run WHERE i.dataset = ? AND i.run = ?",
            (known, run),
        )
        before = next((row[0] for row in rows), moment)
        rows = self._database.execute(
            "SELECT run, told FROM versions WHERE dataset = ? AND completed < ? AND run != ?"
            " ORDER BY completed DESC, run DESC LIMIT 1",
            (known, before, run),
        )
        return next((version_key(*row) for row in rows), "")

    def _flush(self) -> None:
        self._database.executemany(
            "INSERT INTO outputs VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET told = max(coalesce(told, excluded.told), coalesce(excluded.told, told))",
            self._outputs,
        )
        self._database.executemany(
            "INSERT INTO inputs VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET first = min(first, excluded.first)",
            self._inputs,
        )
        self._database.executemany(
            "INSERT INTO runs VALUES (?, ?) ON CONFLICT DO UPDATE"
            " SET completed = max(completed, excluded.completed)",
            self._runs,
        )
        self._outputs, self._inputs, self._runs = [], [], []

    def _id(self, dataset: Dataset) -> int:
        """Return a number for a dataset; those met lately are kept in mind."""
        known = self._ids.get(dataset)
        if known is None:
            self._database.execute(
                "INSERT OR IGNORE INTO datasets (namespace, name) VALUES (?, ?)", dataset
            )
            (known,) = self._database.execute(
                "SELECT id FROM datasets WHERE namespace = ? AND name = ?", dataset
            ).fetchone()
            if len(self._ids) > 10_000:
                self._ids.clear()
            self._ids[dataset] = known
        return known
