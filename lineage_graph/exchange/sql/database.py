"""Another tool's tables in SQL, wherever they are, asked in small steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lineage_graph.errors import BadFile

Row = dict[str, Any]


class Database(ABC):
    """The tables of another tool. Columns and tables that its version of them lacks read as nothing.

    ``place`` names the database in messages, without secrets. ``as_written`` is the end of a statement
    that gives rows in the order they were written, where there is one.
    """

    place: str
    as_written: str = ""

    def know(self, tables: Collection[str]) -> None:
        """Look which of these tables there are, and which columns they have."""
        there = {name.lower() for name in self._tables()}
        self._known: Mapping[str, frozenset[str]] = {
            table: self._columns(table) if table.lower() in there else frozenset()
            for table in tables
        }

    def __contains__(self, table: object) -> bool:
        """True for a known table that is there."""
        return bool(self._known.get(str(table)))

    def rows(
        self, table: str, columns: Sequence[str], where: str = "", values: Sequence[Any] = ()
    ) -> list[Row]:
        """Return columns of a table's rows (``t``) under a condition, which may order and limit."""
        known = self._known[table]
        if not known:
            return []
        chosen = ", ".join(f"t.{name}" if name in known else f"NULL AS {name}" for name in columns)
        found = self._asked(f"SELECT {chosen} FROM {table} t {where}", values)
        return [dict(zip(columns, row, strict=True)) for row in found]

    def count(self, table: str, where: str = "", values: Sequence[Any] = ()) -> int:
        """Return how many rows a table (``t``) has, or how many under a condition."""
        if table not in self:
            return 0
        return self.whole(f"SELECT count(*) FROM {table} t {where}", values)

    def whole(self, statement: str, values: Sequence[Any] = ()) -> int:
        """Return the whole number a statement answers.

        Raises:
            BadFile: it is none; SQLite keeps anything in any column.
        """
        found = self.value(statement, values)
        if type(found) is not int:
            raise BadFile(f"{self.place} is damaged: {str(found)[:80]!r} stands for a number.")
        return found

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Return the first value a statement answers."""
        return self._asked(statement, values)[0][0]

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @abstractmethod
    def _asked(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement that reads, whose values are marked by ``?``; raise our errors only."""

    @abstractmethod
    def _tables(self) -> Collection[str]:
        """Return the names of the tables there are."""

    @abstractmethod
    def _columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table."""
