"""ML Metadata in MySQL and PostgreSQL: what ML Metadata itself wrote there, read from real servers.

The dumps are of databases that ML Metadata filled (tests/data/make_mlmd_kinds.py).
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.errors import (
    BadFile,
    DatabaseMissing,
    InvalidArgument,
    LineageError,
    Unauthorized,
    Unreachable,
)
from lineage_graph.exchange import open_source
from lineage_graph.exchange.sql.server import ServerDatabase
from lineage_graph.model import Subgraph
from tests.exchange.mlmd.servers import PASSWORD, mariadb, postgresql
from tests.exchange.mlmd.test_source import DATA, unpacked, whole

SERVERS = {"mysql": mariadb, "postgresql": postgresql}
KINDS = ("artifact", "execution", "context")
TIMES = {"create_time_since_epoch", "last_update_time_since_epoch"}


@pytest.fixture(scope="module", params=SERVERS)
def address(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    kind = request.param
    with SERVERS[kind](tmp_path_factory.mktemp(kind), DATA / f"mlmd_{kind}.sql") as address:
        yield address


@pytest.fixture(autouse=True)
def password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYSQL_PWD", PASSWORD)


def told(graph: Subgraph) -> Any:
    """Everything of a graph but when its nodes were written, and two numbers no server takes."""
    text = graph.model_dump_json(exclude={f"{kind}s": {"__all__": TIMES} for kind in KINDS})
    limits = r"-2147483648|2147483647|-9223372036854775808|9223372036854775807"
    return json.loads(re.sub(limits, '"limit"', text))


def test_a_server_holds_what_a_file_holds(address: str, tmp_path: Path) -> None:
    assert told(whole(address)) == told(whole(unpacked(10, tmp_path)))


def test_nothing_can_be_written(address: str) -> None:
    database = ServerDatabase(address)
    with pytest.raises(BadFile, match=r"(?i)read.only"):
        database._asked("DELETE FROM Event RETURNING id", ())
    database.close()


def test_a_copy_in_a_database_is_the_same_source(address: str) -> None:
    with open_source(address) as one, open_source(address) as other:
        assert one.source == other.source
        assert one.format == "mlmd"
        assert one.total == 28


def test_what_is_written_meanwhile_is_left_for_the_next_time(address: str) -> None:
    from sqlalchemy import create_engine, make_url

    url = make_url(address)
    driver = "mysql+pymysql" if url.drivername == "mysql" else "postgresql+pg8000"
    writer = create_engine(
        url.set(drivername=driver, password=PASSWORD), isolation_level="AUTOCOMMIT"
    )
    with open_source(address) as source, writer.connect() as connection:
        connection.exec_driver_sql("UPDATE Artifact SET uri = 'changed' WHERE id = 1")
        connection.exec_driver_sql(
            "INSERT INTO Event (artifact_id, execution_id, type) VALUES (2, 2, 3)"
        )
        found = sum(source.batches(), Subgraph())
        connection.exec_driver_sql("UPDATE Artifact SET uri = 'file:///data/α b' WHERE id = 1")
        connection.exec_driver_sql("DELETE FROM Event WHERE id > 7")
    assert len(found.events) == 7
    assert found.artifacts[0].uri != "changed"
    writer.dispose()


@pytest.mark.parametrize(
    ("change", "error", "words"),
    [
        (("reader@", "nobody@"), Unauthorized, "refused us.*(MYSQL_PWD|PGPASSWORD)"),
        (("/(metadb|postgres)$", "/none"), (DatabaseMissing, Unauthorized), "none"),
        (("127.0.0.1:.*/", "127.0.0.1:1/"), Unreachable, "does not answer"),
        (("/(metadb|postgres)$", "/template1"), LineageError, "MLMDEnv|refused us"),
        (("reader@", "reader:word@"), InvalidArgument, "password in an address"),
        (("/(metadb|postgres)$", ""), InvalidArgument, "names no database"),
        (("$", "?charset=latin1"), InvalidArgument, "tls=yes"),
        (("$", "?tls=yes"), Unreachable, "SSL"),
    ],
)
def test_a_wrong_address_is_said(
    address: str, change: tuple[str, str], error: type[LineageError], words: str
) -> None:
    with pytest.raises(error, match=words) as raised:
        open_source(re.sub(*change, address, count=1))
    assert PASSWORD not in str(raised.value)
