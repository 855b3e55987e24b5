"""Other tools' databases: a SQLite file, or MySQL and PostgreSQL by their address; only read."""

from __future__ import annotations

from pathlib import Path

from lineage_graph.exchange.sql.database import Database, Row
from lineage_graph.exchange.sql.sqlite import SqliteDatabase


def open_database(where: Path | str) -> Database:
    """Open a SQLite file, or the address of a database (``mysql://…``, ``postgresql://…``).

    Raises:
        NotFound, BadFile, TruncatedFile: there is no such file, or none that can be read.
        InvalidArgument: the address is none, or has a password in it.
        Unreachable, Unauthorized, DatabaseMissing: the server does not answer, or not to us.
    """
    if isinstance(where, Path):
        return SqliteDatabase(where)
    # Its libraries are only asked for where a server is read.
    from lineage_graph.exchange.sql.server import ServerDatabase

    return ServerDatabase(where)


__all__ = ["Database", "Row", "SqliteDatabase", "open_database"]
