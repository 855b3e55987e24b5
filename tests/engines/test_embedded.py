"""The embedded engine: one owner of a folder, many users, an end when the last has left."""

from __future__ import annotations

import gc
import os
import socket
import stat
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import neo4j
import psutil
import pytest
from filelock import FileLock

from lineage_graph.engines import engine_status, open_engine, start_engine, stop_engine, translated
from lineage_graph.engines.state import (
    DATABASE,
    LOCK_FILE,
    STATE_FILE,
    EngineState,
    call,
    read_state,
)
from lineage_graph.errors import EngineFailed, InUse, Unauthorized
from lineage_graph.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def settings(tmp_path: Path) -> Iterator[Settings]:
    """Settings of an engine that does not run yet and does not outlive the test."""
    settings = Settings(folder=tmp_path / "folder", engine_linger=0.2)
    yield settings
    stop_engine(settings)


def wait_until_gone(pid: int | None) -> None:
    assert pid is not None
    with suppress(psutil.NoSuchProcess):
        psutil.Process(pid).wait(30)


def test_one_engine_through_its_life(settings: Settings) -> None:
    """One start instead of many: a start takes seconds."""
    assert not engine_status(settings).running
    assert not stop_engine(settings)
    first = open_engine(settings)
    status = engine_status(settings)
    assert (status.running, status.users, status.kept) == (True, 1, False)
    assert status.version is not None
    assert status.version.startswith("ArcadeDB ")
    assert "embedded" in first.version()

    # Only its owner can read its passwords, and it listens on this machine only.
    mode = stat.S_IMODE((settings.folder / STATE_FILE).stat().st_mode)
    assert os.name == "nt" or mode == 0o600
    assert os.name == "nt" or stat.S_IMODE(settings.folder.stat().st_mode) == 0o700
    listening = psutil.Process(status.pid).net_connections()
    assert {c.laddr.ip for c in listening if c.status == psutil.CONN_LISTEN} <= {
        "127.0.0.1",
        "::ffff:127.0.0.1",
    }

    # A second user, also from another process, finds the same engine.
    second = open_engine(settings)
    code = (
        "from pathlib import Path; import sys;"
        "from lineage_graph.engines import open_engine, engine_status;"
        "from lineage_graph.settings import Settings;"
        "s = Settings(folder=Path(sys.argv[1])); e = open_engine(s);"
        "print(engine_status(s).pid, engine_status(s).users); e.close()"
    )
    command = [sys.executable, "-c", code, str(settings.folder)]
    output = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, timeout=60
    )
    assert output.stdout.split() == [str(status.pid), "3"]

    # Wrong passwords open nothing; wrong words at the control port neither.
    wrong = neo4j.GraphDatabase.driver(first.address, auth=("root", "wrong"))
    with pytest.raises(Unauthorized, match="password"), translated():
        wrong.execute_query("RETURN 1", database_=DATABASE)
    wrong.close()
    state = read_state(settings.folder)
    assert state is not None
    with socket.create_connection(("127.0.0.1", state.control_port), 5) as stranger:
        stranger.sendall(b"wrong stop\n")
        assert stranger.recv(100) == b""
    assert call(state.model_copy(update={"secret": "wrong"}), "stop") is None
    assert engine_status(settings).pid == status.pid

    # It stays as long as somebody uses it, and ends after the last one.
    first.close()
    time.sleep(1)
    assert engine_status(settings).users == 1
    second.close()
    wait_until_gone(status.pid)
    assert not (settings.folder / STATE_FILE).exists()
    assert not engine_status(settings).running


def test_a_host_that_ends_while_it_is_asked_leaves_no_connection_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as host:
        port = host.getsockname()[1]

        def answer() -> None:
            connection, _ = host.accept()
            reset = struct.pack("ii", 1, 0)  # close resets the connection, as a killed process does
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, reset)
            connection.close()

        state = EngineState(
            pid=1,
            version="",
            since=0,
            bolt_port=1,
            control_port=port,
            secret="s",
            writer_password="w",
            reader_password="r",
        )
        ending = threading.Thread(target=answer, daemon=True)
        ending.start()
        assert call(state, "join") is None
        ending.join()
    gc.collect()  # a connection that is left open is told now, and every warning is an error


def test_an_engine_that_is_kept(settings: Settings) -> None:
    started = start_engine(settings)
    assert started.kept
    assert start_engine(settings).pid == started.pid
    time.sleep(1)
    assert engine_status(settings).users == 0
    user = open_engine(settings)
    assert stop_engine(settings)
    wait_until_gone(started.pid)
    # Whoever still uses it starts it again.
    user.driver.execute_query("RETURN 1", database_=DATABASE)
    assert engine_status(settings).pid != started.pid
    user.close()


def test_a_folder_left_by_a_killed_process(settings: Settings) -> None:
    engine = open_engine(settings)
    engine.driver.execute_query("CREATE (:Kept {x: 1})", database_=DATABASE)
    pid = engine_status(settings).pid
    assert pid is not None
    psutil.Process(pid).kill()
    wait_until_gone(pid)
    engine.close()
    assert (settings.folder / STATE_FILE).exists()
    assert not engine_status(settings).running
    again = open_engine(settings)
    records, _, _ = again.driver.execute_query("MATCH (n:Kept) RETURN n.x", database_=DATABASE)
    again.close()
    assert [record[0] for record in records] == [1]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"pid": 1}', b"\xff\xfe"])
def test_a_damaged_state_file_is_none(tmp_path: Path, damage: bytes) -> None:
    (tmp_path / STATE_FILE).write_bytes(damage)
    assert read_state(tmp_path) is None
    assert not engine_status(Settings(folder=tmp_path)).running


def test_a_folder_that_another_program_owns(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage_graph.engines.embedded._START_LIMIT", 3.0)
    settings.folder.mkdir()
    with FileLock(settings.folder / LOCK_FILE), pytest.raises(InUse, match="does not answer"):
        open_engine(settings)


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InUse, match="cannot be used"):
        open_engine(Settings(folder=tmp_path / "file" / "folder"))


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="users are a Unix thing")
def test_a_folder_of_another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)
    with pytest.raises(InUse, match="belongs to another user"):
        open_engine(Settings(folder=tmp_path))


def test_an_engine_that_cannot_start_says_why(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "database").mkdir(parents=True)
    (folder / "database" / "config").write_text("a file where a folder should be")
    with pytest.raises(EngineFailed, match="could not start") as failed:
        open_engine(Settings(folder=folder))
    assert "engine.log" in failed.value.hint
    assert "Error" in failed.value.message


def test_settings_reach_the_database(settings: Settings) -> None:
    """The engine looks after that itself, and would not start; this setting can be seen from outside."""
    engine = open_engine(settings)
    with pytest.raises(Exception, match=r"(?i)load csv|not allowed|security"):
        engine.driver.execute_query(
            "LOAD CSV FROM 'file:///etc/hosts' AS line RETURN line", database_=DATABASE
        )
    engine.close()


def test_a_port_that_is_taken_between_choice_and_use(settings: Settings) -> None:
    """The host chooses another; the database has long been told the first by then."""
    settings.folder.mkdir()
    code = (
        "import socket, sys; from lineage_graph.engines import host;"
        "taken = socket.create_server(('127.0.0.1', 0));"
        "ports = iter([taken.getsockname()[1]] * 2); free = host.free_port;"
        "host.free_port = lambda: next(ports, None) or free();"
        "sys.exit(host.main())"
    )
    limits = ["--memory=256", "--linger=0.2", "--read-timeout=10", "--write-timeout=10"]
    with (settings.folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(settings.folder), *limits],
            cwd=settings.folder,
            stdout=log,
            stderr=log,
        )
    try:
        while read_state(settings.folder) is None:
            assert process.poll() is None, (settings.folder / "log").read_text()
            time.sleep(0.1)
        engine = open_engine(settings)
        assert engine.driver.execute_query("RETURN 1", database_=DATABASE).records[0][0] == 1
        assert engine_status(settings).pid == process.pid
        engine.close()
        assert process.wait(60) == 0
    finally:
        process.kill()
