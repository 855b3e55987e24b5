"""The state file of a running embedded engine: how other processes find it and talk to it."""

from __future__ import annotations

import os
import socket
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from lineage_graph.errors import InUse, TooManyFiles, of_system

STATE_FILE = "engine.json"
LOCK_FILE = "engine.lock"
LOG_FILE = "engine.log"
DATABASE = "lineage"
FILES = Path("database") / "databases" / DATABASE
"""The database's own files, below the engine's folder."""
WRITER, READER = "root", "reader"


class EngineState(BaseModel):
    """Where the engine listens and with which passwords; readable by its owner only."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    pid: int
    version: str
    since: float
    bolt_port: int
    control_port: int
    secret: str
    writer_password: str
    reader_password: str


def make_folder(folder: Path) -> Path:
    """Make the engine's folder, for its owner only, and return it.

    Raises:
        InUse: the folder cannot be made or written, or belongs to another user.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = folder.stat().st_uid if hasattr(os, "getuid") else None
    except OSError as error:
        if (own := of_system(error)) is not None:
            raise own from error
        raise InUse(
            f"The folder {folder} cannot be used: {error.strerror}.",
            hint="Choose another with --folder or LINEAGE_GRAPH_FOLDER.",
        ) from error
    if owner is not None and owner != os.getuid():
        raise InUse(
            f"The folder {folder} belongs to another user.",
            hint="Choose another with --folder or LINEAGE_GRAPH_FOLDER.",
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        raise InUse(
            f"The folder {folder} cannot be written.",
            hint="Choose another with --folder or LINEAGE_GRAPH_FOLDER.",
        )
    return folder


def write_state(folder: Path, state: EngineState) -> None:
    """Write the state file at once and whole, mode 0600 from its first moment."""
    temporary = folder / f"{STATE_FILE}.{state.pid}"
    temporary.unlink(missing_ok=True)
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(state.model_dump_json())
    temporary.replace(folder / STATE_FILE)


def read_state(folder: Path) -> EngineState | None:
    """Return what the state file says; None where there is none, or it is damaged."""
    try:
        return EngineState.model_validate_json((folder / STATE_FILE).read_bytes())
    except OSError as error:
        _check_limit(error)
        return None
    except ValidationError:
        return None


def call(
    state: EngineState, command: str, timeout: float = 5.0
) -> tuple[socket.socket, str] | None:
    """Send a command to the engine's host; return the open connection and its answer, or None."""
    try:
        connection = socket.create_connection(("127.0.0.1", state.control_port), timeout)
    except OSError as error:
        _check_limit(error)
        return None
    try:
        connection.sendall(f"{state.secret} {command}\n".encode())
        reply = _read_line(connection)
    except OSError:  # the host ended while it was asked
        reply = ""
    if not reply:
        connection.close()
        return None
    connection.settimeout(None)
    return connection, reply


def _check_limit(error: OSError) -> None:
    """Raise where this process may open no more: that says nothing of the engine."""
    own = of_system(error)
    if isinstance(own, TooManyFiles):
        raise own from error


def _read_line(connection: socket.socket) -> str:
    received = b""
    while not received.endswith(b"\n"):
        chunk = connection.recv(4096)
        if not chunk:
            return ""
        received += chunk
    return received.decode().strip()
