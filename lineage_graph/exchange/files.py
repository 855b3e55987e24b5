"""Files of folders that others made: regular ones only, links are not followed, sizes are limited."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

from lineage_graph.errors import BadFile, NotFound

_PIECE = 1 << 20  # bytes


def open_regular(path: Path) -> int:
    """Open a regular file for reading and return its descriptor.

    Raises:
        OSError: there is none, or it is a link, a pipe, a device.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    descriptor = os.open(path, flags | getattr(os, "O_BINARY", 0))
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(f"{path.name} is no regular file")
    return descriptor


def read_regular(path: Path, limit: int) -> bytes:
    """Return what a regular file holds.

    Raises:
        OSError: there is none, it is a link, a pipe, a device, or has more bytes than ``limit``.
    """
    with os.fdopen(open_regular(path), "rb") as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(f"{path.name} has more than {limit:,} bytes")
    return content


def head_of(file: Path, size: int) -> bytes:
    """Return how a file that the user named begins, at most ``size`` bytes; a link to a file counts as it.

    Raises:
        NotFound, BadFile: there is none, or it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            return opened.read(size)
    except FileNotFoundError:
        raise NotFound(f"There is no file {file}.") from None
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}.") from error


def sha256_of(file: Path) -> str:
    """Return the SHA-256 of what a file holds, as hexadecimal digits; a link to a file counts as it."""
    hashed = hashlib.sha256()
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            hashed.update(piece)
    return hashed.hexdigest()


def is_folder(path: Path) -> bool:
    """True for a folder that is no link to one."""
    try:
        return stat.S_ISDIR(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def is_regular(path: Path) -> bool:
    """True for a regular file that is no link to one."""
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except (OSError, ValueError):
        return False


def names_in(folder: Path) -> list[str]:
    """Return the sorted names of what is in a folder; none where it is no folder, or a link."""
    try:
        return sorted(os.listdir(folder)) if is_folder(folder) else []
    except OSError:
        return []
