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


def refused(settings: Settings) -> LineageError:
    with pytest.raises(LineageError) as failed:
        open_engine(settings)
    assert failed.value.hint
    return failed.value


def test_it_says_its_version(neo4j_settings: Settings) -> None:
    engine = open_engine(neo4j_settings)
    assert engine.version().startswith("Neo4j ")
    assert engine.name == "neo4j"
    engine.close()


def test_a_wrong_password(neo4j_settings: Settings) -> None:
    if neo4j_settings.password is None:
        pytest.skip("this server asks for no password")
    error = refused(neo4j_settings.model_copy(update={"password": None}))
    assert isinstance(error, Unauthorized)
    wrong = Settings(uri=neo4j_settings.uri, password="wrong")
    error = refused(wrong)
    assert isinstance(error, Unauthorized)
    assert "password" in error.hint
    assert "wrong" not in error.message


def test_a_missing_database(neo4j_settings: Settings) -> None:
    error = refused(neo4j_settings.model_copy(update={"database": "nosuchdatabase"}))
    assert isinstance(error, DatabaseMissing)
    assert "nosuchdatabase" in error.message


@pytest.mark.parametrize("scheme", ["bolt", "neo4j"])
def test_no_server(scheme: str) -> None:
    error = refused(Settings(uri=f"{scheme}://127.0.0.1:1", connect_timeout=2))
    assert isinstance(error, Unreachable)
    assert "127.0.0.1:1" in error.message


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
    neo4j_settings: Settings, monkeypatch: pytest.MonkeyPatch, version: str, old: bool
) -> None:
    monkeypatch.setattr(Server, "version", lambda self: version)
    if old:
        assert isinstance(refused(neo4j_settings), TooOld)
    else:
        open_engine(neo4j_settings).close()


def test_all_of_these_are_store_errors() -> None:
    assert all(
        issubclass(e, StoreError) for e in (TooOld, Unauthorized, Unreachable, DatabaseMissing)
    )
