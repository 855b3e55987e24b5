"""A Neo4j server: versions, passwords, databases, and no server at all."""

from __future__ import annotations

import pytest

from lineage_graph.engines import open_engine
from lineage_graph.engines.server import Server
from lineage_graph.errors import (
    DatabaseMissing,
    LineageError,
    StoreError,
    TooOld,
    Unauthorized,
    Unreachable,
)
from lineage_graph.settings import Settings

NEO4J = pytest.mark.parametrize("engine_name", ["neo4j"], indirect=True)


def refused(settings: Settings) -> LineageError:
    with pytest.raises(LineageError) as failed:
        open_engine(settings)
    assert failed.value.hint
    return failed.value


@NEO4J
def test_it_says_its_version(engine_settings: Settings) -> None:
    engine = open_engine(engine_settings)
    assert engine.version().startswith("Neo4j ")
    assert engine.name == "neo4j"
    engine.close()


@NEO4J
def test_a_wrong_password(engine_settings: Settings) -> None:
    if engine_settings.password is None:
        pytest.skip("this server asks for no password")
    error = refused(engine_settings.model_copy(update={"password": None}))
    assert isinstance(error, Unauthorized)
    wrong = Settings(uri=engine_settings.uri, password="wrong")
    error = refused(wrong)
    assert isinstance(error, Unauthorized)
    assert "password" in error.hint
    assert "wrong" not in error.message


@NEO4J
def test_a_missing_database(engine_settings: Settings) -> None:
    error = refused(engine_settings.model_copy(update={"database": "nosuchdatabase"}))
    assert isinstance(error, DatabaseMissing)
    assert "nosuchdatabase" in error.message


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_no_server(scheme: str) -> None:
    error = refused(Settings(uri=f"{scheme}://127.0.0.1:1", connect_timeout=2))
    assert isinstance(error, Unreachable)
    assert "127.0.0.1:1" in error.message


@NEO4J
@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("Neo4j 4.4.30 community", True),
        ("Neo4j 5.25.1 enterprise", True),
        ("Neo4j 5.26.0 community", False),
        ("Neo4j 2026.08.1 community", False),
        ("Neo4j 5.27-aura enterprise", False),
    ],
)
def test_which_versions_are_too_old(
    engine_settings: Settings, monkeypatch: pytest.MonkeyPatch, version: str, old: bool
) -> None:
    monkeypatch.setattr(Server, "version", lambda self: version)
    if old:
        assert isinstance(refused(engine_settings), TooOld)
    else:
        open_engine(engine_settings).close()


def test_all_of_these_are_store_errors() -> None:
    assert all(
        issubclass(e, StoreError) for e in (TooOld, Unauthorized, Unreachable, DatabaseMissing)
    )
