"""Another tool's database in MySQL (or MariaDB) or PostgreSQL, read in one read-only transaction."""

from __future__ import annotations

import os
import ssl
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import URL, create_engine, inspect
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from lineage_graph.errors import (
    BadFile,
    DatabaseMissing,
    InvalidArgument,
    LineageError,
    Unauthorized,
    Unreachable,
)
from lineage_graph.exchange.sql.database import Database

_CONNECT_LIMIT = 10  # seconds
_ANSWER_LIMIT = 300  # seconds
_DRIVERS = {"mysql": "mysql+pymysql", "postgresql": "postgresql+pg8000"}
_PASSWORDS = {"mysql": "MYSQL_PWD", "postgresql": "PGPASSWORD"}  # as their own tools name them
_REFUSED = {1044, 1045, 1698, "28P01", "28000", "42501"}
_NO_DATABASE = {1049, "3D000"}


class ServerDatabase(Database):
    """A database on a server.

    ``address`` is ``mysql://user@host:3306/database`` or ``postgresql://…``, ``?tls=yes`` for an
    encrypted connection whose certificate is checked; the password is taken from MYSQL_PWD or
    PGPASSWORD. The transaction sees the database as it was when it began.

    Raises:
        InvalidArgument: the address is none, or has a password in it.
        Unreachable, Unauthorized, DatabaseMissing: the server does not answer, or not to us.
    """

    def __init__(self, address: str) -> None:
        url = _url(address)
        self._mysql = url.drivername.startswith("mysql")
        self.as_written = "" if self._mysql else "ORDER BY t.ctid"
        self.place = url.render_as_string(hide_password=True)
        self._engine = create_engine(
            url.set(
                drivername=_DRIVERS[url.drivername],
                password=os.environ.get(_PASSWORDS[url.drivername]),
                query={},
            ),
            connect_args=_connect_arguments(self._mysql, url.query.get("tls") == "yes"),
            isolation_level="REPEATABLE READ",
        )
        with self._reported():
            self._connection = self._engine.connect()
        try:
            with self._reported():
                self._connection.exec_driver_sql(
                    "SET SESSION TRANSACTION READ ONLY"
                    if self._mysql
                    else "SET TRANSACTION READ ONLY"
                )
                if self._mysql:  # which holds for the transactions that begin after it
                    self._connection.rollback()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()
        self._engine.dispose()

    def _asked(self, statement: str, values: Sequence[Any]) -> Sequence[Sequence[Any]]:
        with self._reported():
            found = self._connection.exec_driver_sql(statement.replace("?", "%s"), tuple(values))
            rows: Sequence[Sequence[Any]] = found.fetchall()
        if not self._mysql:
            return rows
        return [[_as_meant(value) for value in row] for row in rows]

    def _tables(self) -> Collection[str]:
        with self._reported():
            return inspect(self._connection).get_table_names()

    def _columns(self, table: str) -> frozenset[str]:
        name = table if self._mysql else table.lower()
        with self._reported():
            return frozenset(
                column["name"] for column in inspect(self._connection).get_columns(name)
            )

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """Raise ours for every error of the driver inside the block."""
        try:
            yield
        except DBAPIError as error:
            raise _ours(error, self.place) from error
        except (OSError, TimeoutError) as error:
            raise Unreachable(f"{self.place} does not answer: {error}.") from error


def _url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        raise InvalidArgument(f"{address} is no address of a database.") from error
    dialect = url.get_backend_name().replace("mariadb", "mysql")
    if dialect not in _DRIVERS:
        raise InvalidArgument(f"No reader knows databases of the sort {dialect!r}.")
    if url.password is not None:
        raise InvalidArgument(
            "A password in an address can be seen by other users of this machine.",
            hint=f"Leave it out, and set {_PASSWORDS[dialect]}.",
        )
    if not url.database:
        raise InvalidArgument(
            f"{address} names no database.",
            hint="Name it at the end of the address: mysql://user@host/metadb.",
        )
    if set(url.query) - {"tls"} or url.query.get("tls", "no") not in ("yes", "no"):
        raise InvalidArgument(
            f"{address}: after the question mark may stand tls=yes or tls=no only."
        )
    return url.set(drivername=dialect)


def _connect_arguments(mysql: bool, tls: bool) -> dict[str, Any]:
    context = ssl.create_default_context() if tls else None
    if mysql:
        limits = {"connect_timeout": _CONNECT_LIMIT, "read_timeout": _ANSWER_LIMIT}
        return {"charset": "utf8mb4", "ssl": context, **limits}
    return {"timeout": _ANSWER_LIMIT, "ssl_context": context}


def _ours(error: DBAPIError, place: str) -> LineageError:
    """Return our error for a driver's: PyMySQL's are a number and a text, pg8000's a mapping."""
    told = error.orig.args if error.orig is not None else ()
    first = told[0] if told else ""
    code = first.get("C") if isinstance(first, dict) else first
    said = str(first.get("M") if isinstance(first, dict) else told[-1] if told else error)
    said = said.partition(" (timeout")[0].rstrip(".")
    if code in _REFUSED:
        return Unauthorized(
            f"{place} refused us: {said}.",
            hint=f"The password is taken from {_PASSWORDS[make_url(place).drivername]}.",
        )
    if code in _NO_DATABASE:
        return DatabaseMissing(f"{place}: {said}.")
    if error.connection_invalidated or error.statement is None:
        return Unreachable(f"{place} does not answer: {said}.")
    return BadFile(f"{place} cannot be read: {said}.")


def _mysql_latin1() -> dict[int, int]:
    """Return the byte of each character of what MySQL calls latin1: code page 1252 without holes."""
    table = {}
    for byte in range(256):
        try:
            table[ord(bytes([byte]).decode("cp1252"))] = byte
        except UnicodeDecodeError:
            table[byte] = byte
    return table


_LATIN1 = _mysql_latin1()


def _as_meant(value: Any) -> Any:
    """Return a text as its writer meant it.

    ML Metadata's MySQL client sends UTF-8 and says that it is latin1, so that "ü" is stored as
    "Ã¼" (1.17.1, tried). Texts that read as UTF-8 that way are taken for its.
    """
    if not isinstance(value, str) or value.isascii():
        return value
    try:
        return bytes(_LATIN1[ord(character)] for character in value).decode("utf-8")
    except (KeyError, UnicodeDecodeError):
        return value
