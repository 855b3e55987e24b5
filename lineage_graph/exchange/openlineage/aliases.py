"""Names of one dataset: what events tell of them, and which names are together one dataset.

A dataset is all names that symlinks tie together, in any number of steps, whoever told them when. A
symlink that was told stays: what takes back the facet does not take names apart.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from typing import Any

from lineage_graph.exchange.known import Dataset
from lineage_graph.exchange.openlineage.events import Dataset as DatasetOf
from lineage_graph.exchange.openlineage.events import DatasetEvent, Event

Pair = tuple[Dataset, Dataset]
TABLES = """
CREATE TABLE aliases (dataset INTEGER PRIMARY KEY, class INTEGER);
CREATE INDEX of_class ON aliases (class);
CREATE TABLE stored_pairs (one INTEGER, other INTEGER, PRIMARY KEY (one, other)) WITHOUT ROWID;
"""


def aliases_of(event: Event) -> set[Pair]:
    """Return the names that an event says are one dataset's, in pairs; the smaller name stands first."""
    told: Iterable[DatasetOf]
    if isinstance(event, DatasetEvent):
        told = (event.dataset,)
    else:
        told = (*(event.inputs or ()), *(event.outputs or ()))
    return {pair for one in told for pair in _pairs(one)}


def _pairs(told: DatasetOf) -> Iterator[Pair]:
    facet: Any = told.facets.get("symlinks") or {}
    name = Dataset(told.namespace, told.name)
    if facet.get("_deleted") is True:
        return
    for identifier in facet.get("identifiers") or ():
        other = Dataset(identifier["namespace"], identifier["name"])
        if other != name and all(other):
            yield min(name, other), max(name, other)


class Aliases:
    """Knows which names are one dataset, by their numbers; kept in a database of SQLite's."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self._are_any = False

    def join(self, one: int, other: int) -> None:
        """Take in that two names are one dataset."""
        to, off = self._class(one), self._class(other)
        if to is None or off is None or to != off:
            self._are_any = True
            to = one if to is None else to
            off = other if off is None else off
            for dataset, of_class in ((one, to), (other, off)):
                row = (dataset, of_class)
                self._database.execute("INSERT OR IGNORE INTO aliases VALUES (?, ?)", row)
            self._database.execute("UPDATE aliases SET class = ? WHERE class = ?", (to, off))

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

    def _class(self, dataset: int) -> int | None:
        rows = self._database.execute("SELECT class FROM aliases WHERE dataset = ?", (dataset,))
        return next((of_class for (of_class,) in rows), None)
