"""Database servers for a test: a MariaDB or a PostgreSQL of this machine, empty, on loopback."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

PASSWORD = "not-a-secret"
_PATIENCE = 60.0  # seconds


@contextmanager
def mariadb(folder: Path, dump: Path) -> Iterator[str]:
    """Yield the address of a database that holds a dump; its user needs ``PASSWORD``."""
    for program in ("mariadbd", "mariadb-install-db", "mariadb"):
        _need(program)
    port, end = _free_port(), folder / "socket"
    made = ["--no-defaults", f"--datadir={folder / 'data'}", *_user("mariadb")]
    _run(["mariadb-install-db", *made, "--auth-root-authentication-method=normal"])
    server = ["mariadbd", *made, f"--port={port}", f"--socket={end}", "--bind-address=127.0.0.1"]
    client = ["mariadb", "--no-defaults", f"--socket={end}", "-uroot"]
    with _running(server, folder, [*client, "-e", "SELECT 1"], signal.SIGTERM):
        grant = (
            "CREATE DATABASE metadb CHARACTER SET utf8mb4;"
            f"CREATE USER reader IDENTIFIED BY '{PASSWORD}'; GRANT ALL ON metadb.* TO reader;"
            f"DROP USER IF EXISTS ''@'localhost', ''@'{socket.gethostname()}'"
        )
        _run([*client, "-e", grant])
        _run([*client, "--default-character-set=utf8mb4", "metadb"], dump.read_bytes())
        yield f"mysql://reader@127.0.0.1:{port}/metadb"


@contextmanager
def postgresql(folder: Path, dump: Path) -> Iterator[str]:
    """Yield the address of a database that holds a dump; everybody on this machine may read it."""
    home = next(iter(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)), None)
    programs = {
        name: str(home / name) if home and (home / name).exists() else _need(name)
        for name in ("initdb", "postgres", "psql")
    }
    port, data = _free_port(), folder / "data"
    data.mkdir()
    user = _user("postgresql")
    if user:  # PostgreSQL does not run as root
        shutil.chown(data, "nobody")
        for parent in (folder, *folder.parents):  # which pytest keeps to their owner
            if parent.stat().st_uid == os.getuid() and parent != Path("/"):
                parent.chmod(parent.stat().st_mode | 0o011)
    _run([*user, programs["initdb"], "-D", str(data), "-U", "reader", "--auth=trust", "-EUTF8"])
    settings = ["listen_addresses=127.0.0.1", f"unix_socket_directories={data}", "fsync=off"]
    server = [*user, programs["postgres"], "-D", str(data), "-p", str(port)]
    server += [part for setting in settings for part in ("-c", setting)]
    client = [programs["psql"], "-qXb", f"postgresql://reader@127.0.0.1:{port}/postgres"]
    with _running(server, folder, [*client, "-c", "SELECT 1"], signal.SIGINT):
        _run([*client, "-v", "ON_ERROR_STOP=1"], dump.read_bytes())
        yield f"postgresql://reader@127.0.0.1:{port}/postgres"


def _need(program: str) -> str:
    found = shutil.which(program)
    if found is None:
        pytest.skip(f"there is no {program} on this machine")
    return found


def _user(kind: str) -> list[str]:
    """Return what makes a server run as root's stand-in, where the tests run as root."""
    if os.getuid() != 0:
        return []
    if kind == "mariadb":
        return ["--user=root"]
    return [_need("setpriv"), "--reuid=nobody", "--regid=nogroup", "--clear-groups"]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _run(command: Sequence[str], given: bytes = b"") -> None:
    done = subprocess.run(
        command, input=given, capture_output=True, check=False, timeout=_PATIENCE, cwd="/"
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")


@contextmanager
def _running(
    server: Sequence[str], folder: Path, question: Sequence[str], stop: signal.Signals
) -> Iterator[None]:
    """Run a server until the block ends, which begins when it answers a question."""
    log = folder / "log"
    with log.open("wb") as file:
        process = subprocess.Popen(server, stdout=file, stderr=file, cwd="/")
    try:
        end = time.monotonic() + _PATIENCE
        while subprocess.run(question, capture_output=True, check=False).returncode != 0:
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < end, log.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(stop)
        process.wait(_PATIENCE)
