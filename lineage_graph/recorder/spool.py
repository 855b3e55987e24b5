"""Spool: records in a file while the store is down, one JSON line each, and back into the store.

Writers of any number of processes append under a lock, a line at a time, flushed to disk. Replay
moves the file aside under the same lock, loads it line by line and deletes it at the end, so writers
go on meanwhile, and a replay that died is taken up where it was: a record that is in the store is
not put again. Only a record that is wrong itself is refused; whatever else fails ends the replay, and
the file stays as it is for the next time. A record on which the store fails each time, though it answers
otherwise, does not keep the others back: it stays in the file for the next time.
"""

from __future__ import annotations

import json
import logging
import os
import time
import warnings
from collections.abc import Iterator
from pathlib import Path

import filelock
from pydantic import ValidationError

from lineage_graph.errors import (
    AlreadyExists,
    EngineFailed,
    InUse,
    InvalidArgument,
    NotFound,
    OutOfMemory,
    StoreError,
    TimedOut,
    Unsupported,
)
from lineage_graph.recorder.record import Record, load
from lineage_graph.store import Store

log = logging.getLogger(__name__)
TRIES = 3
"""Times that a record is tried on which the store fails."""
MAX_KEPT = 10
"""Records on which the store fails before the replay ends: then it fails on whatever comes."""
_PAUSE = 0.5  # seconds between two tries
# What may be due to the record, or to the store: too large a record, a fault of the engine.
_FAILED = (EngineFailed, OutOfMemory, TimedOut)
# Errors that mean the record is invalid; any other error may not occur the next time.
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
    a record that is wrong itself, is reported by a warning and moved to ``<file>.refused``. A record on
    which the store fails ``TRIES`` times is reported as well, and stays in the file.

    Raises:
        NotFound: there is no such file.
        InUse: another process replays it.
        FailedPrecondition: the records belong to another store; nothing of the record was changed.
        StoreError: the store is down or full; what was not loaded stays for the next time.
        OSError: a file next to the spool cannot be written; the spool is kept.
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
    lines = _Lines(store, path)
    with aside.open("rb") as file:
        for number, line in enumerate(file, 1):
            if line.strip():
                loaded += lines.load(number, line)
    lines.keep()
    aside.unlink()
    return loaded


class _Lines:
    """Loads the lines of a spool file; keeps those that must be tried again."""

    def __init__(self, store: Store, path: Path) -> None:
        self._store = store
        self._path = path
        self._refused = _Refused(path)
        self._kept: list[bytes] = []

    def load(self, number: int, line: bytes) -> bool:
        """Load a line; return whether it was new to the store."""
        try:
            record = Record.model_validate_json(line)
        except ValidationError:
            self._refused.add(line, f"line {number} is cut short or damaged")
            return False
        try:
            return self._tried(record)
        except _FAILED as error:
            if len(self._kept) >= MAX_KEPT or not _answers(self._store):
                raise
            self._kept.append(line)
            warnings.warn(
                f"{self._path}: line {number} cannot be loaded now: {error} It stays in the file.",
                stacklevel=5,
            )
        except _WRONG as error:
            if self._kept and isinstance(error, NotFound):  # it may need what was kept before it
                self._kept.append(line)
                return False
            self._refused.add(line, f"line {number} cannot be loaded: {error}")
        return False

    def _tried(self, record: Record) -> bool:
        for _ in range(TRIES - 1):
            try:
                return load(self._store, record)
            except _FAILED:
                time.sleep(_PAUSE)
        return load(self._store, record)

    def keep(self) -> None:
        """Put what stays back into the file, behind what was written meanwhile."""
        with _lock(self._path):
            for line in self._kept:
                _append_line(self._path, line.rstrip(b"\n"))


def _answers(store: Store) -> bool:
    try:
        store.pages.census()
    except StoreError:
        return False
    return True


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
