"""Another tool's SQLite file, opened read-only."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote

from lineage_graph.errors import BadFile, Conflict, TruncatedFile
from lineage_graph.exchange.files import head_of
from lineage_graph.exchange.sql.database import Database

MAGIC = b"SQLite format 3\x00"  # how such a file begins
_HEADER = 100  # bytes
_PATIENCE = 30.0  # seconds to wait for a writer


class SqliteDatabase(Database):
    """A SQLite file, whole and undamaged as far as SQLite can tell."""

    as_written = "ORDER BY t.rowid"

    def __init__(self, path: Path) -> None:
        self.place = str(path)
        _check_file(path)
        with self._reported():
            self._connection = _connect(path)
        try:
            self._check_pages()
        except BaseException:
            self._connection.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    def _asked(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        with self._reported():
            return self._connection.execute(statement, values).fetchall()

    def _tables(self) -> Collection[str]:
        found = self._asked("SELECT name FROM sqlite_master WHERE type = 'table'", ())
        return [row[0] for row in found]

    def _columns(self, table: str) -> frozenset[str]:
        return frozenset(row[1] for row in self._asked(f"PRAGMA table_info({table})", ()))

    def _check_pages(self) -> None:
        verdict = self.value("PRAGMA quick_check(1)")
        if verdict != "ok":
            raise TruncatedFile(f"{self.place} is damaged: {verdict}.")

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Raise ours for every error of SQLite inside the block."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if "locked" in str(error) or "busy" in str(error):
                raise Conflict(
                    f"{self.place} is being written by another program.",
                    hint="Try again when it is done.",
                ) from error
            raise BadFile(f"{self.place} cannot be read: {error}.") from error
        except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # of its own words as well
            raise TruncatedFile(f"{self.place} is damaged: {error}.") from error


def tables_in(path: Path) -> frozenset[str]:
    """Return the names of a SQLite file's tables; none where it is no such file, or cannot be read."""
    try:
        with path.open("rb") as file:
            if file.read(len(MAGIC)) != MAGIC:
                return frozenset()
        with closing(sqlite3.connect(f"{_address(path)}&immutable=1", uri=True)) as connection:
            rows = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            return frozenset(row[0] for row in rows)
    except (OSError, sqlite3.Error, UnicodeDecodeError):  # of its own words as well
        return frozenset()


def _check_file(path: Path) -> None:
    head = head_of(path, _HEADER)
    if not head.startswith(MAGIC):
        raise BadFile(f"{path} is not a SQLite file.")
    if len(head) < _HEADER:
        raise TruncatedFile(f"{path} is cut short: it ends within its header.")
    page = int.from_bytes(head[16:18], "big")
    pages = int.from_bytes(head[28:32], "big")  # file format of SQLite, section 1.3
    expected = (65536 if page == 1 else page) * pages
    size = path.stat().st_size
    if size < expected and not path.with_name(f"{path.name}-wal").exists():
        raise TruncatedFile(
            f"{path} is cut short: it has {size:,} of {expected:,} bytes.",
            hint="Copy it again from where it came.",
        )


def _connect(path: Path) -> sqlite3.Connection:
    """Open read-only; a write-ahead log beside the file is honoured where the folder allows it."""
    address = _address(path)
    connection = sqlite3.connect(address, uri=True, timeout=_PATIENCE, check_same_thread=False)
    try:
        connection.execute("SELECT 1 FROM sqlite_master").fetchone()
    except sqlite3.OperationalError as error:
        connection.close()
        if "unable to open" not in str(error) and "readonly" not in str(error):
            raise
        connection = sqlite3.connect(f"{address}&immutable=1", uri=True, check_same_thread=False)
    connection.text_factory = lambda text: text.decode("utf-8", "backslashreplace")
    return connection


def _address(path: Path) -> str:
    """Return the address by which SQLite opens a file for reading only."""
    return f"file:{quote(str(path.resolve()))}?mode=ro"
