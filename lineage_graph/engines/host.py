"""The process of the embedded engine: ``python -m lineage_graph.engines.host FOLDER``.

It owns the folder by a lock, runs the database in its own Java machine, and counts its users: each
keeps one connection to the control port open, which the operating system closes however the user
ends. Some seconds after the last one left, it stops.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import signal
import socket
import sys
import threading
import time
import traceback
from importlib.metadata import version
from pathlib import Path
from typing import Any, TextIO

from filelock import FileLock, Timeout

from lineage_graph.engines.checksums import check_files, note_files
from lineage_graph.engines.database import (
    change_password,
    check_database,
    free_port,
    is_taken,
    start_database,
)
from lineage_graph.engines.state import FILES, LOCK_FILE, STATE_FILE, EngineState, write_state
from lineage_graph.engines.watchdog import Watchdog

TAKEN = 3  # exit code: another process owns the folder
FAILED = 1  # exit code: the last line of the log says why
STUCK = 4  # exit code: a statement never ended
_PORTS = 10  # ports tried, where others are faster to take them
_FIRST_USER = 60.0  # seconds to wait for the process that started us


def main() -> int:
    """Run the engine until its last user has left."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--memory", type=int, required=True)
    parser.add_argument("--linger", type=float, required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--read-timeout", type=float, required=True)
    parser.add_argument("--write-timeout", type=float, required=True)
    arguments = parser.parse_args()
    lock = FileLock(arguments.folder / LOCK_FILE, mode=0o600)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return TAKEN
    with lock:
        code = 0
        try:
            _Host(arguments).run()
        except Exception as error:
            code = FAILED
            traceback.print_exc()
            print(f"{type(error).__name__}: {' '.join(str(error).split())[:500]}", flush=True)
        sys.stdout.flush()
        os._exit(code)  # threads of users who are still connected would keep the process alive


class _Host:
    def __init__(self, arguments: argparse.Namespace) -> None:
        self._arguments = arguments
        self._folder: Path = arguments.folder.resolve()
        self._users = 0
        self._kept = False
        self._changed = threading.Condition()
        self._stopping = False
        self._idle_since = time.monotonic() + _FIRST_USER

    def run(self) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self._stop())
        control = socket.create_server(("127.0.0.1", 0))
        state = EngineState(
            pid=os.getpid(),
            version=f"ArcadeDB {version('arcadedb-embedded')}",
            since=time.time(),
            bolt_port=0,  # chosen below
            control_port=control.getsockname()[1],
            secret=secrets.token_urlsafe(24),
            writer_password=secrets.token_urlsafe(24),
            reader_password=secrets.token_urlsafe(24),
        )
        check_files(self._folder, self._folder / FILES)
        state, server = self._started(state)
        self._server = server
        limits = (self._arguments.read_timeout, self._arguments.write_timeout)
        watchdog = Watchdog(server, *limits, on_stuck=self._die)
        watchdog.start()
        self._watchdog = watchdog
        try:
            write_state(self._folder, state)
            threading.Thread(target=self._serve, args=(control, state), daemon=True).start()
            self._wait()
        finally:
            (self._folder / STATE_FILE).unlink(missing_ok=True)
            watchdog.stop()
            server.stop()
        note_files(self._folder, self._folder / FILES)

    def _started(self, state: EngineState) -> tuple[EngineState, Any]:
        """Start the database; where another process took the port meanwhile, with another port."""
        if port := self._arguments.port:
            if is_taken(port):
                raise RuntimeError(f"the port {port} (engine_port) is taken by another program")
            chosen = state.model_copy(update={"bolt_port": port})
            return chosen, start_database(self._folder, chosen, self._arguments.memory)
        for attempt in range(1, _PORTS + 1):
            chosen = state.model_copy(update={"bolt_port": free_port()})
            try:
                return chosen, start_database(self._folder, chosen, self._arguments.memory)
            except Exception:
                if attempt == _PORTS or not is_taken(chosen.bolt_port):
                    raise
        raise AssertionError("the last attempt returns or raises")

    def _die(self, statement: str) -> None:
        """End the process at once; the next user starts the engine anew, and nothing is lost."""
        print(f"cannot end this statement, so the engine ends: {statement[:1000]}", flush=True)
        (self._folder / STATE_FILE).unlink(missing_ok=True)
        os._exit(STUCK)

    def _serve(self, control: socket.socket, state: EngineState) -> None:
        while True:
            connection, _ = control.accept()
            threading.Thread(target=self._talk, args=(connection, state), daemon=True).start()

    def _talk(self, connection: socket.socket, state: EngineState) -> None:
        """One user: commands line by line; ``join`` counts until the connection ends."""
        joined = False
        try:
            with connection, _lines(connection) as stream:
                for line in stream:
                    secret, _, command = line.strip().partition(" ")
                    if not secrets.compare_digest(secret.encode(), state.secret.encode()):
                        return
                    if command == "join" and not joined:
                        joined = self._join()
                        if not joined:
                            return
                    stream.write(self._answer(command) + "\n")
                    stream.flush()
        except OSError:
            pass  # the user went away
        finally:
            if joined:
                self._leave()

    def _answer(self, command: str) -> str:
        if command == "check":
            return json.dumps(check_database(self._server))
        if command == "keep":
            with self._changed:
                self._kept = True
        elif command == "password":
            change_password(self._server, self._folder)
        elif command.startswith("cancel "):
            self._watchdog.cancel(command.partition(" ")[2])
        elif command == "stop":
            self._stop()
        return json.dumps({"users": self._users, "kept": self._kept})

    def _join(self) -> bool:
        """Count one more user; False where the engine is about to end, and a new one must be started."""
        with self._changed:
            if not self._stopping:
                self._users += 1
            return not self._stopping

    def _leave(self) -> None:
        with self._changed:
            self._users -= 1
            self._idle_since = time.monotonic()
            self._changed.notify_all()

    def _stop(self) -> None:
        self._stopping = True

    def _wait(self) -> None:
        """Return when asked to stop, or when nobody has used the engine for long enough."""
        while not self._stopping:
            with self._changed:
                self._changed.wait(0.2)
                idle = time.monotonic() - self._idle_since
                if not self._users and not self._kept and idle > self._arguments.linger:
                    self._stopping = True


def _lines(connection: socket.socket) -> TextIO:
    return connection.makefile("rw", encoding="utf-8", errors="replace", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
