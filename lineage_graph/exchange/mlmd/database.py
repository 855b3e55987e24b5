"""ML Metadata's tables in SQL, wherever they are: checked, then asked in small steps."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, ClassVar

from lineage_graph.errors import BadFile, UnknownVersion

OLDEST, NEWEST = 4, 10
TABLES = (
    "Type",
    "TypeProperty",
    "ParentType",
    "Artifact",
    "ArtifactProperty",
    "Execution",
    "ExecutionProperty",
    "Context",
    "ContextProperty",
    "ParentContext",
    "Event",
    "EventPath",
    "Association",
    "Attribution",
)
_SINCE_6 = ("ParentType", "ParentContext")  # tables that versions 4 and 5 lack

Row = dict[str, Any]


class Database(ABC):
    """An ML Metadata store in SQL. Columns and tables that its schema version lacks read as nothing.

    ``place`` names it in messages, without secrets.
    """

    as_written: str = ""
    """The end of a statement that gives rows in the order they were written, where there is one."""

    place: str
    version: int

    def check(self) -> None:
        """Find the version of its schema, and which columns there are.

        Raises:
            BadFile: it is not ML Metadata's.
            UnknownVersion: it is, but of a version that is not read.
        """
        tables = self._tables()
        version = (
            self.value("SELECT max(schema_version) FROM MLMDEnv") if "MLMDEnv" in tables else None
        )
        if version is None:
            raise BadFile(
                f"{self.place} is not of ML Metadata: its table MLMDEnv is missing or empty.",
                hint=self._hint,
            )
        if not OLDEST <= version <= NEWEST:
            raise UnknownVersion(
                f"{self.place} has ML Metadata's schema version {version}.",
                hint=f"Versions {OLDEST} to {NEWEST} are read; ML Metadata can migrate older files.",
            )
        self.version = int(version)
        needed = set(TABLES) - (set(_SINCE_6) if self.version < 6 else set())
        missing = sorted(needed - tables)
        if missing:
            raise BadFile(f"{self.place} lacks the table {missing[0]} of ML Metadata's schema.")
        self._known = {
            table: self._columns(table) if table in tables else frozenset() for table in TABLES
        }

    def rows(
        self, table: str, columns: Sequence[str], where: str = "", values: Sequence[Any] = ()
    ) -> list[Row]:
        """Return columns of a table's rows under a condition (which may order and limit)."""
        known = self._known[table]
        if not known:
            return []
        chosen = ", ".join(f"t.{name}" if name in known else f"NULL AS {name}" for name in columns)
        found = self._asked(f"SELECT {chosen} FROM {table} t {where}", values)
        return [dict(zip(columns, row, strict=True)) for row in found]

    def count(self, table: str) -> int:
        """Return how many rows a table has."""
        return int(self.value(f"SELECT count(*) FROM {table}")) if self._known[table] else 0

    def value(self, statement: str, values: Sequence[Any] = ()) -> Any:
        """Return the first value a statement answers."""
        return self._asked(statement, values)[0][0]

    _hint: ClassVar[str]

    @abstractmethod
    def close(self) -> None:
        """Let go of it."""

    @abstractmethod
    def _asked(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        """Run a statement that reads, whose values are marked by ``?``; raise our errors only."""

    @abstractmethod
    def _tables(self) -> set[str]:
        """Return the tables there are, those of ML Metadata under ``TABLES``' names."""

    @abstractmethod
    def _columns(self, table: str) -> frozenset[str]:
        """Return the columns of a table."""
