"""The embedded engine: found running or started, talked to over Bolt like any other."""

from __future__ import annotations

import json
import logging
import os
import select
import socket
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import neo4j

from lineage_graph.engines.base import DRIVER_OPTIONS, Dialect, translated
from lineage_graph.engines.causes import explained
from lineage_graph.engines.checksums import known_damage
from lineage_graph.engines.dialect import EmbeddedDialect
from lineage_graph.engines.host import TAKEN
from lineage_graph.engines.state import (
    DATABASE,
    LOG_FILE,
    READER,
    WRITER,
    EngineState,
    call,
    make_folder,
    read_state,
)
from lineage_graph.errors import DamagedStore, EngineFailed, InUse, Unreachable
from lineage_graph.settings import Settings

log = logging.getLogger(__name__)

_START_LIMIT = 90.0  # seconds; a cold start takes 2 to 4
_END_WAIT = 1.0  # seconds that a process which ends keeps the lease after its connections, at most
_CHECK_LIMIT = 24 * 3600.0  # seconds
_LOG_LIMIT = 1_000_000  # bytes


@dataclass(frozen=True)
class EngineStatus:
    """What is known of the embedded engine of a folder."""

    folder: Path
    running: bool
    pid: int | None = None
    address: str | None = None
    version: str | None = None
    since: float | None = None
    users: int = 0
    kept: bool = False


class Embedded:
    """The embedded engine of a folder, shared by all processes that use the folder.

    Where the engine's process ended, whatever the reason, the next use of a driver starts it anew.
    """

    name: Literal["neo4j", "embedded"] = "embedded"
    database = DATABASE

    def __init__(self, settings: Settings) -> None:
        self.folder = make_folder(settings.folder)
        self.dialect: Dialect = EmbeddedDialect(self.folder)
        self._settings = settings
        self._lock = threading.Lock()
        self._joined = _Joined(self.folder, settings)

    @property
    def address(self) -> str:
        """The address that the driver connects to."""
        return self._joined.address

    @property
    def driver(self) -> neo4j.Driver:
        """Writes and reads."""
        return self._running().driver

    @property
    def damage(self) -> DamagedStore | None:
        """What was found to be damaged when the engine started."""
        return self._joined.damage

    @property
    def read_driver(self) -> neo4j.Driver:
        """Only reads, within a time limit."""
        return self._running().read_driver

    def _running(self) -> _Joined:
        with self._lock:
            if self._joined.is_gone():
                log.warning("the embedded engine has ended; starting it again")
                self._joined.close()
                self._joined = _Joined(self.folder, self._settings)
            return self._joined

    def has_ended(self, address: str) -> bool:
        """Say whether the process at this address has ended; wait a second for it to be seen."""
        with self._lock:
            joined = self._joined
        return joined.address != address or joined.is_gone(_END_WAIT)

    def version(self) -> str:
        """Return for example ``ArcadeDB 26.10.2 (embedded)``."""
        return f"{self._joined.state.version} (embedded)"

    def cancel(self, guest: str) -> None:
        """End the running statement of a guest of this name, if there is one."""
        answered = call(self._joined.state, f"cancel {guest}")
        if answered is not None:
            answered[0].close()

    def check(self) -> tuple[str, ...]:
        """Have the engine look at all that is stored; return what is wrong, in its words.

        Raises:
            Unreachable: the engine ended meanwhile.
        """
        self._running()
        answered = call(self._joined.state, "check", timeout=_CHECK_LIMIT)
        if answered is None:
            raise Unreachable("The embedded engine ended while it looked at the store.")
        answered[0].close()
        return tuple(json.loads(answered[1]))

    def close(self) -> None:
        """Leave the engine; it stops some seconds after its last user left."""
        self._joined.close()


class _Joined:
    """One process of the engine, as one of its users sees it."""

    def __init__(self, folder: Path, settings: Settings) -> None:
        self.state, self._lease = _join(folder, settings)
        self.damage = known_damage(folder)
        self.address = f"bolt://127.0.0.1:{self.state.bolt_port}"
        self.driver = self._connect(WRITER, self.state.writer_password)
        self.read_driver = self._connect(READER, self.state.reader_password)
        try:
            with translated("connecting to the embedded engine"):
                self.driver.execute_query("RETURN 1", database_=DATABASE)
        except BaseException:
            self.close()
            raise

    def _connect(self, user: str, password: str) -> neo4j.Driver:
        options: dict[str, Any] = DRIVER_OPTIONS
        return neo4j.GraphDatabase.driver(self.address, auth=(user, password), **options)

    def is_gone(self, wait: float = 0) -> bool:
        """Say whether the process has ended; it never sends anything on the lease of its own."""
        try:
            readable, _, _ = select.select([self._lease], [], [], wait)
            return bool(readable) and not self._lease.recv(1, socket.MSG_PEEK)
        except (OSError, ValueError):  # the lease is closed
            return True

    def close(self) -> None:
        """Close the connections."""
        self.driver.close()
        self.read_driver.close()
        self._lease.close()


def _join(folder: Path, settings: Settings) -> tuple[EngineState, socket.socket]:
    """Become a user of the folder's engine, starting it where it does not run."""
    deadline = time.monotonic() + _START_LIMIT
    process: subprocess.Popen[bytes] | None = None
    while time.monotonic() < deadline:
        state = read_state(folder)
        if state is not None and (joined := call(state, "join")) is not None:
            return state, joined[0]
        if process is None:
            process = _start(folder, settings)
        code = process.poll()
        if code == TAKEN:  # another process is starting it, or stopping it
            process = None
        elif code is not None:
            failed = known_damage(folder) or EngineFailed(
                f"The embedded engine could not start: {_last_lines(folder, 1)}",
                hint=f"Its log is {folder / LOG_FILE}.",
            )
            raise explained(failed, folder)
        time.sleep(0.05 if process is not None else 0.3)
    raise known_damage(folder) or InUse(
        f"The embedded engine in {folder} does not answer.",
        hint="Another process owns the folder; stop it, or choose another folder with --folder.",
    )


def _start(folder: Path, settings: Settings) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-m",
        "lineage_graph.engines.host",
        str(folder),
        f"--memory={settings.engine_memory}",
        f"--linger={settings.engine_linger}",
        f"--port={settings.engine_port}",
        f"--read-timeout={settings.query_timeout}",
        f"--write-timeout={settings.write_timeout}",
    ]
    options: dict[str, Any] = {
        "start_new_session": True
    }  # Ctrl-C in the user's terminal is not for it
    if sys.platform == "win32":
        options = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    with translated("starting the embedded engine"), _open_log(folder) as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            **options,
        )
    # It may end long before us; unless somebody waits for it, it stays as a zombie.
    threading.Thread(target=process.wait, daemon=True).start()
    return process


def _environment() -> dict[str, str]:
    """Return the environment of the engine: Java opens no file whose name its locale cannot write."""
    given = dict(os.environ)
    names = (given.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    locale = next(filter(None, names), "")
    if sys.platform == "linux" and "utf" not in locale.lower():
        given["LC_ALL"] = "C.UTF-8"
    return given


def _open_log(folder: Path) -> Any:
    path = folder / LOG_FILE
    if path.exists() and path.stat().st_size > _LOG_LIMIT:
        path.replace(path.with_suffix(".log.1"))
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    return os.fdopen(handle, "ab")


def _last_lines(folder: Path, count: int = 8) -> str:
    try:
        lines = (folder / LOG_FILE).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    return "\n".join(lines[-count:])


def engine_status(settings: Settings) -> EngineStatus:
    """Return whether the folder's engine runs, and for how many users; starts nothing."""
    state = read_state(settings.folder)
    answered = None if state is None else call(state, "status")
    if state is None or answered is None:
        return EngineStatus(settings.folder, running=False)
    connection, reply = answered
    connection.close()
    said = json.loads(reply)
    return EngineStatus(
        settings.folder,
        running=True,
        pid=state.pid,
        address=f"bolt://127.0.0.1:{state.bolt_port}",
        version=state.version,
        since=state.since,
        users=said["users"],
        kept=said["kept"],
    )


def start_engine(settings: Settings) -> EngineStatus:
    """Start the folder's engine, or find it running, and keep it until ``stop_engine``."""
    state, lease = _join(make_folder(settings.folder), settings)
    with lease:
        answered = call(state, "keep")
        if answered is not None:
            answered[0].close()
        return engine_status(settings)


def stop_engine(settings: Settings) -> bool:
    """Stop the folder's engine, whoever uses it; return False where it did not run.

    Raises:
        EngineFailed: it did not stop within half a minute.
    """
    state = read_state(settings.folder)
    answered = None if state is None else call(state, "stop")
    if state is None or answered is None:
        return False
    connection, _ = answered
    with connection:
        connection.settimeout(30)
        try:
            while connection.recv(4096):
                pass
        except TimeoutError as error:
            raise EngineFailed(
                "The embedded engine does not stop.", hint=_last_lines(settings.folder)
            ) from error
        except OSError:
            pass  # it is gone
    return True
