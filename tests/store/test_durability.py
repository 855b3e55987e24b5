"""Processes that are killed in the middle of writing: what was acknowledged is there, and nothing half."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from lineage_graph.engines import engine_status, stop_engine
from lineage_graph.errors import Unreachable
from lineage_graph.model import Kind
from lineage_graph.settings import Settings
from lineage_graph.store import Counts, Store
from tests.neo4j.server import Neo4jServer
from tests.store.build import TYPES
from tests.store.places import as_json
from tests.store.writer import unit

PUTS, KILL_AFTER = 300, 100
ROOT = Path(__file__).parents[2]


@contextmanager
def writer(settings: Settings, first: int = 0) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "tests.store.writer", as_json(settings), str(first), str(PUTS)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        try:
            yield process
        finally:
            process.kill()


def said(process: subprocess.Popen[str], count: int | None = None) -> list[str]:
    """Return the next lines of the writer; all that come until its end without a count."""
    assert process.stdout is not None
    lines = process.stdout if count is None else (process.stdout.readline() for _ in range(count))
    return [line.strip() for line in lines]


def check(store: Store, acknowledged: list[int], first: int = 0) -> None:
    """Every acknowledged unit is there, at most the one in flight besides, and each is whole."""
    counts = store.counts()
    assert counts.artifacts - first in (len(acknowledged), len(acknowledged) + 1)
    units = counts.artifacts
    assert counts == Counts(units, units, units, units, units, units, 0, 1, 1, 1)
    names = {node.name for node in store.get(Kind.ARTIFACT, range(1, 4 * PUTS))}
    assert {f"unit {number}" for number in acknowledged} <= names
    assert store.upkeep.missing() == ()


def test_a_writer_is_killed(store: Store) -> None:
    store.put(TYPES)
    with writer(store.settings) as process:
        acknowledged = said(process, KILL_AFTER)
        process.send_signal(signal.SIGKILL)
        acknowledged += said(process)
    numbers = [int(word) for word in acknowledged]
    check(store, numbers)
    store.put(unit(PUTS))


def test_the_embedded_engine_is_killed(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path / "engine", engine_linger=0.2)
    with Store.open(settings=settings) as store:
        store.put(TYPES)
        with writer(settings) as process:
            acknowledged = said(process, KILL_AFTER)
            killed = engine_status(settings).pid
            assert killed is not None
            os.kill(killed, signal.SIGKILL)
            acknowledged += said(process)
        # Killed in the middle of a commit it says so; else the put starts the engine and is made again.
        assert acknowledged[-1] in ("Unreachable", str(PUTS - 1))
        numbers = [int(word) for word in acknowledged if word != "Unreachable"]
        check(store, numbers)  # this store starts the engine again where the writer did not
        assert engine_status(settings).pid != killed
        store.put(unit(PUTS))
    stop_engine(settings)


@pytest.mark.parametrize("engine_name", ["neo4j"], indirect=True)
def test_a_neo4j_server_is_killed_and_comes_back(
    engine_settings: Settings, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    server = Neo4jServer(tmp_path / "neo4j").start()
    request.addfinalizer(server.kill)
    # A server that has just started plans every statement anew, at its slowest.
    settings = server.settings.model_copy(update={"query_timeout": 60, "write_timeout": 60})
    with Store.open(settings=settings) as store:
        store.put(TYPES)
        with writer(settings) as process:
            acknowledged = said(process, KILL_AFTER)
            server.kill()
            acknowledged += said(process)
        assert acknowledged.pop() == "Unreachable"
        with pytest.raises(Unreachable, match="does not answer"):
            store.counts()
        with pytest.raises(Unreachable, match="Check that the server runs"):
            store.put(unit(PUTS))
        server.start()
        check(store, [int(word) for word in acknowledged])
        store.put(unit(PUTS))


def test_an_engine_without_users_ends(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path / "engine", engine_linger=0.2)
    with Store.open(settings=settings):
        pid = engine_status(settings).pid
        assert pid is not None
        process = psutil.Process(pid)
    process.wait(20)
