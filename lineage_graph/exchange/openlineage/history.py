"""Which version of a dataset a run read, where no event tells it.

The rule, the same in every order of events: a run that does not tell which version it reads, read
the version that was written last before. Written is a version when its run completed; what failed
or has not ended is read by nobody. Before means earlier than the first event of the run that
names the dataset as an input, and no later than the run's own end. So lineage always leads
from earlier to later, and a dataset that is read and written again and again makes a chain, no circle.
A dataset is all its names (``aliases``): what was written under one is read under each.
Runs that stream (``streams``) are the exception: what they write is read from when they began.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from lineage_graph.exchange.openlineage.aliases import TABLES as OF_ALIASES
from lineage_graph.exchange.openlineage.aliases import Aliases, Pair, aliases_of, old_names
from lineage_graph.exchange.openlineage.checks import told_facet
from lineage_graph.exchange.openlineage.claims import TABLES as OF_CLAIMS
from lineage_graph.exchange.openlineage.claims import Claims
from lineage_graph.exchange.openlineage.events import (
    Event,
    JobEvent,
    OutputDataset,
    RunEvent,
    RunState,
)
from lineage_graph.exchange.openlineage.facets import DatasetFacets
from lineage_graph.exchange.openlineage.streams import (
    BEGAN,
    Stream,
    Streams,
    began_at,
    streams,
)
from lineage_graph.exchange.openlineage.streams import TABLES as OF_STREAMS
from lineage_graph.exchange.store_lookup import DatasetName
from lineage_graph.model import ArtifactState, ExecutionState

ENDS = (RunState.COMPLETE, RunState.FAIL, RunState.ABORT)


def told_version(facets: DatasetFacets) -> str | None:
    """Return the version that an event tells of a dataset, if any."""
    facet = told_facet(facets, "version")
    return None if facet is None else facet["datasetVersion"] or None


def version_key(run: str, told: str | None) -> str:
    """Return what tells the version that a run wrote from all others of the dataset."""
    return f"run:{run}" if told is None else f"version:{told}"


def told_of(key: str) -> str | None:
    """Return the version that was told, of a version's key."""
    return key.removeprefix("version:") if key.startswith("version:") else None


def drops(output: OutputDataset) -> bool:
    """Say whether an event tells that its run drops an output."""
    facets: dict[str, Any] = {**output.facets, **output.output_facets}
    change = facets.get("lifecycleStateChange")
    return change is not None and change.get("lifecycleStateChange") == "DROP"


def versions_written(event: JobEvent) -> dict[DatasetName, str | None]:
    """Return the versions an event tells of its outputs, None where it tells none.

    A version that the run also reads is that of before, not the one it writes. Of several the last in
    the alphabet stands.
    """
    read = {(i.namespace, i.name, told_version(i.facets)) for i in event.inputs or ()}
    found: dict[DatasetName, str | None] = {}
    for output in event.outputs or ():
        told = told_version(output.facets)
        if (output.namespace, output.name, told) in read:
            told = None
        dataset = DatasetName(output.namespace, output.name)
        found[dataset] = max(filter(None, (told, found.get(dataset))), default=None)
    return found


class ReadVersion(NamedTuple):
    """What a run read: under which name the version was written, and its key, empty where none is known.

    ``inferred_at`` is since when the run did (µs), if that was inferred.
    """

    dataset: DatasetName
    key: str
    inferred_at: int | None


class End(NamedTuple):
    """When (µs) a run ended, and what that makes of what it was told to write."""

    moment: int
    made: ArtifactState


_PLAIN = "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
_TABLES = """
CREATE TABLE outputs (run TEXT, dataset INTEGER, told TEXT, dropped INTEGER, PRIMARY KEY (run, dataset)) WITHOUT ROWID;
CREATE TABLE inputs (run TEXT, dataset INTEGER, first INTEGER, told TEXT, PRIMARY KEY (run, dataset)) WITHOUT ROWID;
CREATE TABLE runs (run TEXT PRIMARY KEY, ended INTEGER, rank INTEGER) WITHOUT ROWID;
CREATE TABLE versions (run TEXT, dataset INTEGER, completed INTEGER, told TEXT, class INTEGER, PRIMARY KEY (run, dataset)) WITHOUT ROWID;
CREATE INDEX latest ON versions (class, completed, run);
CREATE TABLE datasets (id INTEGER PRIMARY KEY, namespace TEXT, name TEXT, UNIQUE (namespace, name));
"""
_OUTPUT = """
INSERT INTO outputs VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
SET told = max(coalesce(told, excluded.told), coalesce(excluded.told, told)),
    dropped = max(dropped, excluded.dropped)
"""
_INPUT = """
INSERT INTO inputs VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE
SET first = min(coalesce(first, excluded.first), coalesce(excluded.first, first)),
    told = min(coalesce(told, excluded.told), coalesce(excluded.told, told))
"""
_END = """
INSERT INTO runs VALUES (?, ?, ?) ON CONFLICT DO UPDATE
SET ended = excluded.ended, rank = excluded.rank WHERE (excluded.ended, excluded.rank) > (ended, rank)
"""
# Of what ends a run at one moment the greater rank stands, as where accounts of it are merged.
_COMPLETE, _ABORT, _FAIL = range(3)
_RANKS = {RunState.ABORT: _ABORT, RunState.COMPLETE: _COMPLETE, RunState.FAIL: _FAIL}
_STORED: Mapping[ExecutionState | None, int] = {
    ExecutionState.CANCELED: _ABORT,
    ExecutionState.COMPLETE: _COMPLETE,
    ExecutionState.FAILED: _FAIL,
}
_VERSIONS = f"""
INSERT OR REPLACE INTO versions SELECT o.run, o.dataset, r.ended, o.told, coalesce(a.class, o.dataset)
FROM outputs o JOIN runs r ON r.run = o.run LEFT JOIN aliases a ON a.dataset = o.dataset WHERE r.rank = {_COMPLETE}
"""
_READ = f"""
SELECT i.dataset, i.told, i.first, min(i.first, coalesce(r.ended, i.first), coalesce(b.moment, i.first))
FROM inputs i LEFT JOIN aliases a ON a.dataset = i.dataset
LEFT JOIN runs r ON r.run = i.run AND r.rank = {_COMPLETE}
LEFT JOIN began b ON b.run = i.run AND b.streams WHERE i.run = ? AND coalesce(a.class, i.dataset) = ?
"""
_LATEST = """
SELECT completed, run FROM versions WHERE class = ? AND completed < ? AND run != ?
ORDER BY completed DESC, run DESC LIMIT 1
"""
_WRITTEN = "SELECT dataset, told FROM versions WHERE class = ? AND completed = ? AND run = ?"
_ROWS_PER_WRITE = 500  # rows written together


class VersionHistory:
    """What events tell of versions; kept in a temporary database of SQLite's, so that memory stays flat."""

    def __init__(self) -> None:
        # A file without a name, gone when closed; it may be read in another thread than it is closed.
        self._database = sqlite3.connect("", check_same_thread=False)
        self._database.executescript(_PLAIN + _TABLES + OF_ALIASES + OF_CLAIMS + OF_STREAMS)
        self._outputs: list[tuple[str, int, str | None, bool]] = []
        self._inputs: list[tuple[str, int, int | None, str | None]] = []
        self._ends: list[tuple[str, int, int]] = []
        self._began: list[tuple[str, int, bool]] = []
        self._ids: dict[DatasetName, int] = {}
        self._aliases = Aliases(self._database)
        self.claims = Claims(self._database)
        self._streams = Streams(self._database)

    def close(self) -> None:
        """Let go of what is known."""
        self._database.close()

    # What is noted

    def note(self, event: Event) -> None:
        """Take in an event."""
        for pair in aliases_of(event):
            self.note_alias(pair)
        if not isinstance(event, RunEvent):
            return
        run = event.run.run_id
        dropped = {DatasetName(o.namespace, o.name) for o in event.outputs or () if drops(o)}
        for dataset, told in versions_written(event).items():
            self.note_output(run, dataset, told, dataset in dropped)
        for read in event.inputs or ():
            dataset = DatasetName(read.namespace, read.name)
            self.note_input(run, dataset, event.event_time, told_version(read.facets))
        for dataset in old_names(event):
            self.note_input(run, dataset, event.event_time, None)
        if event.event_type in _RANKS:
            self._ends.append((run, event.event_time, _RANKS[event.event_type]))
        self.note_began(run, began_at(event), streams(event))
        if len(self._outputs) + len(self._inputs) + len(self._began) > _ROWS_PER_WRITE:
            self._flush()

    def note_output(
        self, run: str, dataset: DatasetName, told: str | None, dropped: bool = False
    ) -> None:
        """Take in that a run writes a dataset or drops it, and the version where it is told."""
        self._outputs.append((run, self._id(dataset), told, dropped))

    def note_input(
        self, run: str, dataset: DatasetName, first: int | None, told: str | None
    ) -> None:
        """Take in that a run reads a dataset: since when (µs), and which version, where that is told."""
        self._inputs.append((run, self._id(dataset), None if told else first, told))

    def note_end(self, run: str, moment: int, state: ExecutionState | None) -> None:
        """Take in when (µs) a stored run ended, and how."""
        if state in _STORED:
            self._ends.append((run, moment, _STORED[state]))

    def note_began(self, run: str, moment: int, streams: bool) -> None:
        """Take in when (µs) a run went on, and whether it streams."""
        self._began.append((run, moment, streams))
        self._streams.are_any |= streams

    def note_stream(self, run: str, dataset: DatasetName, stream: Stream, told: str | None) -> None:
        """Take in a version of a run that streams of which no more is known."""
        self._streams.note(run, self._id(dataset), stream, told)

    def note_alias(self, pair: Pair, stored: bool = False) -> None:
        """Take in that two names are one dataset, and whether the store holds that."""
        one, other = map(self._id, pair)
        self._aliases.join(one, other)
        if stored:
            self._aliases.note_stored(one, other)

    def note_version(
        self, run: str, dataset: DatasetName, completed: int, told: str | None
    ) -> None:
        """Take in a version of a run of which no more is known."""
        id = self._id(dataset)
        row = (run, id, completed, told, self._aliases.class_of(id))
        self._database.execute("INSERT OR IGNORE INTO versions VALUES (?, ?, ?, ?, ?)", row)

    def finish(self, runs: Iterable[str] | None = None) -> None:
        """Make ready for questions: everything was noted, or more of these runs."""
        self._flush()
        if runs is None:
            self._database.execute(_VERSIONS)
            self._streams.finish()
            return
        for run in runs:
            self._streams.finish(run)
            self._database.execute("DELETE FROM versions WHERE run = ?", (run,))
            self._database.execute(f"{_VERSIONS} AND o.run = ?", (run,))

    # What is asked

    def written(self, dataset: DatasetName, run: str) -> str | None:
        """Return the version told last in the alphabet: events of one run tell one."""
        row = self._row("SELECT told FROM outputs WHERE run = ? AND dataset = ?", run, dataset)
        return row[0] if row else None

    def outputs(self, run: str) -> dict[DatasetName, str | None]:
        """Return what a run writes, and the versions that are told."""
        rows = self._database.execute(
            "SELECT d.namespace, d.name, o.told FROM outputs o JOIN datasets d ON d.id = o.dataset"
            " WHERE o.run = ?",
            (run,),
        )
        return {DatasetName(namespace, name): told for namespace, name, told in rows}

    def completed(self, run: str) -> int | None:
        """Return when (µs) a run completed, None where it failed or has not ended."""
        ended, rank = self._end(run)
        return ended if rank == _COMPLETE else None

    def end(self, run: str, dataset: DatasetName) -> End | None:
        """Return how a run ended for a dataset it was told to write, None where it has not ended."""
        ended, rank = self._end(run)
        if ended is None:
            return None
        if rank != _COMPLETE:
            return End(ended, ArtifactState.ABANDONED)
        row = self._row("SELECT dropped FROM outputs WHERE run = ? AND dataset = ?", run, dataset)
        return End(ended, ArtifactState.DELETED if row and row[0] else ArtifactState.LIVE)

    def stream(self, run: str) -> Stream | None:
        """Return when a run that streams began and ended, None where it does not stream."""
        return self._streams.of(run)

    def read(self, dataset: DatasetName, run: str, moment: int) -> ReadVersion:
        """Return which version a run read: what it tells, else what was written last before it read it.

        Of a dataset that nobody wrote it is the dataset as it was found, under the first of its names.
        """
        told, first, before = self._reading(dataset, run) or (None, moment, moment)
        if told is not None:
            return told
        return self.latest(dataset, before, run)._replace(inferred_at=first)

    def latest(self, dataset: DatasetName, moment: int, but: str) -> ReadVersion:
        """Return the version that was written last before a moment, by other runs than this one."""
        found = self.candidates(dataset, moment, but)
        if found:
            return max(found)[-1]
        return ReadVersion(self._name(self._aliases.least(self._id(dataset))), "", None)

    def candidates(
        self, dataset: DatasetName, moment: int, but: str
    ) -> list[tuple[int, str, DatasetName, ReadVersion]]:
        """Return which version was completed last before a moment, and which a run wrote that streams.

        Each stands behind when it was written last, by which run, and under which name.
        """
        id = self._id(dataset)
        of_class = self._aliases.class_of(id)
        found = []
        for at, run in self._database.execute(_LATEST, (of_class, moment, but)).fetchall():
            written = self._database.execute(_WRITTEN, (of_class, at, run)).fetchall()
            name, told = max(  # several only where one run wrote several names
                (self._name(member), told or "") for member, told in written
            )
            found.append((at, run, name, ReadVersion(name, version_key(run, told or None), None)))
        begun = [
            (stream, member)
            for member in (self._aliases.members(id) if self._streams.are_any else ())
            if (stream := self._streams.latest(member, moment, but)) is not None
        ]
        if begun:
            latest = max(stream[:2] for stream, _ in begun)
            name, stream = max(
                (self._name(member), one) for one, member in begun if one[:2] == latest
            )
            version = ReadVersion(name, version_key(stream.run, stream.told), None)
            found.append((stream.last_written(moment), stream.run, name, version))
        return found

    def before(self, dataset: DatasetName, run: str) -> int | None:
        """Return before when (µs) a version was written that a run read; None where it tells the version."""
        told, _, before = self._reading(dataset, run) or (None, None, None)
        return before if told is None else None

    def _end(self, run: str) -> tuple[int | None, int | None]:
        rows = self._database.execute("SELECT ended, rank FROM runs WHERE run = ?", (run,))
        return next(rows, (None, None))

    def names(self, dataset: DatasetName) -> frozenset[DatasetName]:
        """Return all names of a dataset, this one with them."""
        members = self._aliases.members(self._id(dataset))
        return frozenset(map(self._name, members))

    def holds_alias(self, pair: Pair) -> bool:
        """Say whether the store is known to hold that two names are one dataset."""
        return self._aliases.is_stored(*map(self._id, pair))

    def _reading(
        self, dataset: DatasetName, run: str
    ) -> tuple[ReadVersion | None, int, int] | None:
        """Return the version that is told of what a run read, since when it did, and before when that was written.

        What a run tells of one name it tells of the others, but for those of which it tells another.
        """
        own = self._id(dataset)
        found: list[tuple[int, int]] = []
        told: list[tuple[bool, str, DatasetName]] = []
        of_class = self._aliases.class_of(own)
        for member, version, first, before in self._database.execute(_READ, (run, of_class)):
            if version is None:
                found.append((first, before))
            else:
                name = dataset if member == own else self._name(member)
                told.append((name != dataset, version, name))
        if told:
            _, version, name = min(told)
            return ReadVersion(name, version_key(run, version), None), 0, 0
        return (None, *min(found)) if found else None

    def _row(self, statement: str, run: str, dataset: DatasetName) -> tuple[Any, ...] | None:
        return next(self._database.execute(statement, (run, self._id(dataset))), None)

    def _name(self, id: int) -> DatasetName:
        rows = self._database.execute("SELECT namespace, name FROM datasets WHERE id = ?", (id,))
        return DatasetName(*next(rows))

    def _flush(self) -> None:
        self._database.executemany(_OUTPUT, self._outputs)
        self._database.executemany(_INPUT, self._inputs)
        self._database.executemany(_END, self._ends)
        self._database.executemany(BEGAN, self._began)
        self._outputs, self._inputs, self._ends, self._began = [], [], [], []

    def _id(self, dataset: DatasetName) -> int:
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
