"""Spool: records in a file while the store is down, one JSON line each, and back into the store.

Writers of any number of processes append under a lock, a line at a time, flushed to disk. Replay
moves the file aside under the same lock, loads it line by line and deletes it at the end, so writers
go on meanwhile, and a replay that died is taken up where it was: a record that is in the store is
not put again. Only a record that is wrong itself is refused; whatever else fails ends the replay, and
the file stays as it is for the next time.
"""

from __future__ import annotations

import json
import logging
import os
import warnings
from collections.abc import Iterator
from pathlib import Path

import filelock
from pydantic import ValidationError

from lineage_graph.errors import (
    AlreadyExists,
    InUse,
    InvalidArgument,
    NotFound,
    Unsupported,
)
from lineage_graph.recorder.record import Record, load
from lineage_graph.store import Store

log = logging.getLogger(__name__)
# What tells that the record is wrong; any other error may be gone at the next time.
_WRONG = (InvalidArgument, NotFound, AlreadyExists, Unsupported)


def append(path: Path, record: Record) -> None:
    """Add a record to the file, on disk when this returns.

    Raises:
        OSError: the file cannot be written; it is as it was.
    """
    path = path.resolve()
    line = record.model_dump_json(exclude_defaults=True).encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    with _lock(path):
        _append_line(path, line)


def _append_line(path: Path, line: bytes) -> None:
    """Add a line to a file of the owner's, on disk when this returns; all of it or nothing."""
    is_new = not path.exists()
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        size = os.fstat(handle).st_size
        try:
            # Where a writer died in the middle of its line, that must not spoil this one.
            rest = memoryview(b"\n" * _ends_in_the_middle(path) + line + b"\n")
            while rest:
                rest = rest[os.write(handle, rest) :]
            os.fsync(handle)
        except BaseException:  # no room, say: half a line would be refused as damaged
            os.ftruncate(handle, size)
            raise
    finally:
        os.close(handle)
    if is_new:
        _flush_folder(path.parent)


def replay(store: Store, path: Path | str) -> int:
    """Load the records of a spool file, each exactly once; return how many were new to the store.

    The file is empty afterwards, but for what was written meanwhile. A line that was cut short, and
    a record that is wrong itself, is reported by a warning and moved to ``<file>.refused``.

    Raises:
        NotFound: there is no such file.
        InUse: another process replays it.
        FailedPrecondition: the records belong to another store; nothing of the record was changed.
        StoreError: the store is down or full; what was not loaded stays for the next time.
        OSError: a file beside the spool cannot be written; so it stays, too.
    """
    path = Path(path).resolve()
    busy = filelock.FileLock(_beside(path, ".replay.lock"), timeout=0)
    if not path.is_file() and not _beside(path, ".replaying").is_file():
        raise NotFound(f"There is no spool file {path}.", hint="Check the name.")
    try:
        with busy:
            loaded = _replay_aside(store, path)  # what an earlier replay left
            with _lock(path):
                _set_aside(path)
            return loaded + _replay_aside(store, path)
    except filelock.Timeout:
        raise InUse(f"Another process replays {path}.", hint="Wait until it is done.") from None


def _set_aside(path: Path) -> None:
    if path.exists() and path.stat().st_size:
        os.replace(path, _beside(path, ".replaying"))
    path.touch(mode=0o600)
    _flush_folder(path.parent)


def _replay_aside(store: Store, path: Path) -> int:
    aside = _beside(path, ".replaying")
    if not aside.exists():
        return 0
    loaded = 0
    refused = _Refused(path)
    with aside.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                loaded += _replay_line(store, refused, number, line)
    aside.unlink()
    return loaded


def _replay_line(store: Store, refused: _Refused, number: int, line: bytes) -> bool:
    try:
        record = Record.model_validate_json(line)
    except ValidationError:
        refused.add(line, f"line {number} is cut short or damaged")
        return False
    try:
        return load(store, record)
    except _WRONG as error:
        refused.add(line, f"line {number} cannot be loaded: {error}")
        return False


class _Refused:
    """The file of the lines that cannot be loaded; each is there once, however often it was replayed."""

    def __init__(self, path: Path) -> None:
        self._spool = path
        self._path = _beside(path, ".refused")
        self._lines: set[str] | None = None

    def add(self, line: bytes, reason: str) -> None:
        """Keep a line, on disk when this returns, and warn of it."""
        if self._lines is None:
            self._lines = self._read()
        text = line.decode(errors="replace").rstrip("\n")
        if text not in self._lines:
            _append_line(self._path, json.dumps({"reason": reason, "line": text}).encode())
            self._lines.add(text)
        warnings.warn(f"{self._spool}: {reason}; it is kept in {self._path}.", stacklevel=6)

    def _read(self) -> set[str]:
        found = set()
        for line in self._path.read_bytes().splitlines() if self._path.exists() else ():
            try:
                found.add(json.loads(line)["line"])
            except (ValueError, KeyError, TypeError):
                continue  # cut short
        return found


def records(path: Path | str) -> Iterator[Record]:
    """Yield the records of a spool file without loading them.

    Raises:
        ValidationError: a line is cut short or damaged.
    """
    with Path(path).open("rb") as file:
        for line in file:
            if line.strip():
                yield Record.model_validate_json(line)


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)


def _lock(path: Path) -> filelock.BaseFileLock:
    return filelock.FileLock(_beside(path, ".lock"))


def _ends_in_the_middle(path: Path) -> bool:
    with path.open("rb") as file:
        if file.seek(0, os.SEEK_END) == 0:
            return False
        file.seek(-1, os.SEEK_END)
        return file.read(1) != b"\n"


def _flush_folder(folder: Path) -> None:
    """Make a new or renamed file's name durable, where the system has that."""
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
