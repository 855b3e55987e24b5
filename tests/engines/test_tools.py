"""Other tools at the embedded engine: they read, cannot write, and keep their address and password."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import AuthError, Neo4jError

from lineage_graph.engines import ToolAccess, engine_status, start_engine, stop_engine, tool_access
from lineage_graph.engines.database import free_port
from lineage_graph.engines.passwords import PASSWORD_FILE
from lineage_graph.errors import EngineFailed
from lineage_graph.settings import Settings
from lineage_graph.store import Store

WRITES = (
    "CREATE (n:Artifact {id: 1})",
    "MATCH (n) SET n.changed = 1",
    "MATCH (n) DETACH DELETE n",
    "CREATE INDEX made IF NOT EXISTS FOR (n:Artifact) ON (n.made)",
    "LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line",
)


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    settings = Settings(
        folder=tmp_path / "folder", engine_linger=0.2, engine_port=free_port(), query_timeout=3
    )
    yield settings
    stop_engine(settings)


def ask(access: ToolAccess, text: str) -> list[neo4j.Record]:
    login = (access.user, access.password)
    with (
        neo4j.GraphDatabase.driver(access.address, auth=login) as driver,
        driver.session(database=access.database) as session,
    ):
        return list(session.run(text))  # not by execute_query, which tries again what was ended


def test_a_tool_reads_and_keeps_its_address_and_password(settings: Settings) -> None:
    access = tool_access(settings)
    assert access.address == f"bolt://127.0.0.1:{settings.engine_port}"
    assert (settings.folder / PASSWORD_FILE).stat().st_mode & 0o777 == 0o600
    with Store.open(settings=settings) as store:
        before = store.counts()
        assert ask(access, "MATCH (s:Store) RETURN s.key AS key")[0]["key"] == "store"
        for text in WRITES:
            with pytest.raises(Neo4jError):
                ask(access, text)
        endless = "UNWIND range(1, 900000) AS x UNWIND range(1, 900000) AS y RETURN count(*) AS n"
        with pytest.raises(Neo4jError, match="time limit"):
            ask(access, f"/*limit=600000*/{endless}")
        new = tool_access(settings, rotate=True)
        assert (new.address, new.password == access.password) == (access.address, False)
        with pytest.raises(AuthError):
            ask(access, "RETURN 1 AS n")
        assert ask(new, "RETURN 1 AS n")[0]["n"] == 1
        assert store.counts() == before  # the store's own users are none the wiser
        assert store.cypher("RETURN 1 AS n").rows == ((1,),)
    assert engine_status(settings).kept
    stop_engine(settings)
    assert tool_access(settings) == new


def test_a_port_that_is_taken_is_named(settings: Settings) -> None:
    with (
        socket.create_server(("127.0.0.1", settings.engine_port)),
        pytest.raises(EngineFailed, match=rf"port {settings.engine_port} .* is taken"),
    ):
        start_engine(settings)
