"""Names of one dataset: what events tell of them, and which names are together one dataset.

A dataset is all names that symlinks tie together, in any number of steps, whoever told them when. A
symlink that was told stays: what takes back the facet does not take names apart. A run that renames
a dataset reads it under its old name and writes it under the new one; where no run is told that did so,
both names are one dataset.
"""

from __future__ import annotations

import sqlite3
from typing import Any

from lineage_graph.exchange.openlineage.checks import told_facet
from lineage_graph.exchange.openlineage.events import Dataset as DatasetOf
from lineage_graph.exchange.openlineage.events import DatasetEvent, Event, RunEvent
from lineage_graph.exchange.store_lookup import DatasetName

Pair = tuple[DatasetName, DatasetName]
MAX_SYMLINKS = 100
"""Names of one facet that count; the facet itself keeps all."""
_MAX_NAME = 1000  # characters, as of every name of a dataset
_TELLING = ("symlinks", "lifecycleStateChange")
TABLES = """
CREATE TABLE aliases (dataset INTEGER PRIMARY KEY, class INTEGER);
CREATE INDEX of_class ON aliases (class);
CREATE TABLE classes (class INTEGER PRIMARY KEY, size INTEGER, least INTEGER);
CREATE TABLE stored_pairs (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID;
"""


def aliases_of(event: Event) -> set[Pair]:
    """Return the names that an event says are one dataset's, in pairs; the smaller name stands first."""
    if isinstance(event, DatasetEvent):
        return _aliases_of(event.dataset, is_renamed=True)
    pairs: set[Pair] = set()
    for read in event.inputs or ():
        pairs |= _aliases_of(read, is_renamed=True)
    for written in event.outputs or ():
        pairs |= _aliases_of(written, is_renamed=False)
    return pairs


def old_names(event: RunEvent) -> set[DatasetName]:
    """Return the names under which a run reads what it renames, but those it tells as inputs."""
    old = {old for out in event.outputs or () if (old := renamed_from(out))}
    if not old:
        return old
    return old - {DatasetName(read.namespace, read.name) for read in event.inputs or ()}


def renamed_from(told: DatasetOf) -> DatasetName | None:
    """Return the name that a dataset had before it was renamed, None where it was not."""
    facet = told_facet(told.facets, "lifecycleStateChange")
    if facet is None or str(facet.get("lifecycleStateChange")).upper() != "RENAME":
        return None
    old = _name(facet.get("previousIdentifier"))
    return None if old == (told.namespace, told.name) else old


def _aliases_of(told: DatasetOf, is_renamed: bool) -> set[Pair]:
    if told.facets.keys().isdisjoint(_TELLING):
        return set()
    identifiers = (told_facet(told.facets, "symlinks") or {}).get("identifiers")
    named = identifiers[:MAX_SYMLINKS] if isinstance(identifiers, list) else []
    others = {*map(_name, named), renamed_from(told) if is_renamed else None}
    name = DatasetName(told.namespace, told.name)
    return {(min(name, one), max(name, one)) for one in others if one is not None and one != name}


def _name(identifier: Any) -> DatasetName | None:
    if not isinstance(identifier, dict):
        return None
    namespace, name = identifier.get("namespace"), identifier.get("name")
    if not (isinstance(namespace, str) and isinstance(name, str) and namespace and name):
        return None
    return DatasetName(namespace, name) if max(len(namespace), len(name)) <= _MAX_NAME else None


class Aliases:
    """Knows which names are one dataset, by their numbers; kept in a database of SQLite's."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._are_any = False

    def join(self, one: int, other: int) -> None:
        """Take in that two names are one dataset. The smaller of their classes becomes part of the larger."""
        to, off = self._class(one), self._class(other)
        if to == off:
            return
        self._are_any = True
        (size, least), (added, other_least) = map(self._size_and_least, (to, off))
        if size < added:
            to, off = off, to
        joined = (to, size + added, self._lesser(least, other_least))
        self._database.execute("INSERT OR REPLACE INTO classes VALUES (?, ?, ?)", joined)
        self._database.execute("DELETE FROM classes WHERE class = ?", (off,))
        for dataset in (to, off):  # a class is called as the name that it began with
            row = (dataset, dataset)
            self._database.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?)", row)
        for table in ("aliases", "versions"):
            self._database.execute(f"UPDATE {table} SET class = ? WHERE class = ?", (to, off))

    def class_of(self, dataset: int) -> int:
        """Return the class that holds all names of a dataset; that of a name alone is the name itself."""
        return self._class(dataset) if self._are_any else dataset

    def least(self, dataset: int) -> int:
        """Return which of the names of a dataset is the first."""
        return self._size_and_least(self._class(dataset))[1] if self._are_any else dataset

    def members(self, dataset: int) -> tuple[int, ...]:
        """Return the names of a dataset, those of one of them."""
        if not self._are_any:
            return (dataset,)
        rows = self._database.execute(
            "SELECT dataset FROM aliases WHERE class = (SELECT class FROM aliases WHERE dataset = ?)",
            (dataset,),
        )
        return tuple(found for (found,) in rows) or (dataset,)

    def note_stored(self, one: int, other: int) -> None:
        """Take in that the store holds that two names are one dataset."""
        row = (one, other)
        self._database.execute("INSERT OR IGNORE INTO stored_pairs VALUES (?, ?)", row)

    def is_stored(self, one: int, other: int) -> bool:
        """Say whether the store holds that two names are one dataset."""
        statement = "SELECT 1 FROM stored_pairs WHERE one = ? AND other = ?"
        return next(self._database.execute(statement, (one, other)), None) is not None

    def _class(self, dataset: int) -> int:
        rows = self._database.execute("SELECT class FROM aliases WHERE dataset = ?", (dataset,))
        return next((of_class for (of_class,) in rows), dataset)

    def _size_and_least(self, of_class: int) -> tuple[int, int]:
        statement = "SELECT size, least FROM classes WHERE class = ?"
        for size, least in self._database.execute(statement, (of_class,)):
            return size, least
        return 1, of_class

    def _lesser(self, one: int, other: int) -> int:
        rows = self._database.execute(
            "SELECT id FROM datasets WHERE id IN (?, ?) ORDER BY namespace, name", (one, other)
        )
        return int(next(rows)[0])
