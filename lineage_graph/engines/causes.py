"""Why the embedded engine failed, where it does not say: its disk and its open files are looked at.

ArcadeDB answers "Transaction error on commit" and the like, and keeps the cause to itself.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

from lineage_graph.engines.state import read_state
from lineage_graph.errors import (
    DiskFull,
    EngineFailed,
    LineageError,
    ReadOnly,
    TooManyFiles,
    Unreachable,
    of_system,
)

_LITTLE_ROOM = 16 * 2**20  # bytes; one transaction may need as much for its log and its pages
_TRIAL = b"\0" * 65536
_FEW_FILES = 8  # open files below the limit at which the engine counts as out of them
_FREE_DISK_HINT = "Make room on the disk, then try again."


def explained(error: LineageError, folder: Path) -> LineageError:
    """Return a clearer error where this one says only that the embedded engine failed."""
    if type(error) not in (EngineFailed, Unreachable):
        return error
    cause = _cause(folder)
    if cause is None:
        return error
    return type(cause)(f"{cause.message} {error.message}", hint=cause.hint)


def _cause(folder: Path) -> LineageError | None:
    return _of_disk(folder) or _of_open_files(folder)


def _of_disk(folder: Path) -> LineageError | None:
    """Look for room, then write a little: a quota or a disk without writes is only seen so."""
    try:
        free = shutil.disk_usage(folder).free
        if free < _LITTLE_ROOM:
            left = f"{free // 2**20} MB" if free else "nothing"
            return DiskFull(f"The disk of {folder} is full: {left} is left.", hint=_FREE_DISK_HINT)
        with tempfile.TemporaryFile(dir=folder, buffering=0) as file:
            file.write(_TRIAL)
    except PermissionError:
        return ReadOnly(f"{folder} cannot be written.", hint="Give this user the right to write.")
    except OSError as error:
        return of_system(error)
    return None


def _of_open_files(folder: Path) -> LineageError | None:
    """Compare the engine's open files with its limit, where the system tells them."""
    state = read_state(folder)
    if state is None:
        return None
    try:
        limits = Path(f"/proc/{state.pid}/limits").read_text(encoding="ascii").splitlines()
        count = len(os.listdir(f"/proc/{state.pid}/fd"))
        limit = int(next(line.split()[3] for line in limits if line.startswith("Max open files")))
    except (OSError, ValueError, StopIteration):
        return None
    if count < limit - _FEW_FILES:
        return None
    return TooManyFiles(
        f"The engine has {count} files open and may have {limit}.",
        hint="Raise the limit of open files (ulimit -n), then restart: lineage-graph engine stop.",
    )
