"""Files behind artifacts: which may be shown, and reading no more of them than is asked for.

Only what lies in a folder of the setting ``files`` is ever opened, links resolved first. A name that
comes from an address leads nowhere but to what lies in the artifact's own place.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lineage_graph.errors import NotFound

LISTED = 100  # files of a folder
_LOOKED_AT = 2000  # entries of folders, to find those
_MAX_FOLDER_DEPTH = 4


@dataclass(frozen=True)
class ServedFile:
    """A file of an artifact: its name below the artifact's place (empty: the place itself), its size."""

    name: str
    size: int


@dataclass(frozen=True)
class FileLocation:
    """Where an artifact's data lies: the resolved path, and its files, ``cut`` where there are more."""

    path: Path
    files: tuple[ServedFile, ...]
    cut: bool = False


class FileRefused(Exception):
    """Why an artifact's files are not shown, as a sentence."""


def place_of(uri: str, folders: Sequence[Path]) -> FileLocation:
    """Return where an artifact's data lies and the files there.

    Raises:
        Refused: the address is no file of this machine, or none that may be shown.
    """
    path = _allowed(_path_of(uri), folders)
    if path.is_file():
        return FileLocation(path, (ServedFile("", path.stat().st_size),))
    if not path.is_dir():
        raise FileRefused("It is neither a file nor a folder.")
    files, cut = _listed(path)
    return FileLocation(path, files, cut)


def read(place: FileLocation, name: str, most: int, folders: Sequence[Path]) -> bytes:
    """Return the first ``most`` bytes of a file of a place.

    Raises:
        NotFound: there is no such file there that may be shown.
    """
    missing = NotFound(f"There is no file {name!r} here that may be shown.")
    parts = name.split("/") if name else []
    if "\0" in name or "\\" in name or any(part in ("", ".", "..") for part in parts):
        raise missing
    wanted = place.path.joinpath(*parts)
    try:
        found = _allowed(wanted, folders)
        if found != place.path and place.path not in found.parents:
            raise missing
        # Neither follows a link put there since, nor waits for a pipe.
        handle = os.open(found, os.O_RDONLY | os.O_NONBLOCK | os.O_NOFOLLOW)
    except (OSError, FileRefused) as error:
        raise missing from error
    if not stat.S_ISREG(os.fstat(handle).st_mode):
        os.close(handle)
        raise missing
    with open(handle, "rb") as file:
        return file.read(most)


def _path_of(uri: str) -> Path:
    if "\0" in uri:
        raise FileRefused("Its address holds a zero byte.")
    if uri.startswith("/"):
        return Path(uri)
    try:
        parts = urlsplit(uri)
    except ValueError:
        raise FileRefused("Its address cannot be read.") from None
    if parts.scheme != "file":
        scheme = f"{parts.scheme}://" if parts.scheme else "a path that begins somewhere unknown"
        raise FileRefused(f"Its address is {scheme}, not a file of this machine.")
    if parts.netloc not in ("", "localhost") or not parts.path.startswith("/"):
        raise FileRefused("Its address names another machine.")
    path = unquote(parts.path)
    if "\0" in path:
        raise FileRefused("Its address holds a zero byte.")
    return Path(path)


def _allowed(path: Path, folders: Sequence[Path]) -> Path:
    """Return the real path; the check comes before whether it exists is told."""
    if not folders:
        raise FileRefused("No folder is open to the pages.")
    if ".." in path.parts:
        raise FileRefused("Its address goes up.")
    try:
        real = path.resolve()
        if not any(real.is_relative_to(folder.resolve()) for folder in folders):
            raise FileRefused("It lies in no folder that is open to the pages.")
        return path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise FileRefused("There is nothing at its address any more.") from None


def _listed(folder: Path) -> tuple[tuple[ServedFile, ...], bool]:
    """Return the files below a folder by name; links are not followed."""
    found: list[ServedFile] = []
    looked_at = 0
    waiting = [("", folder, 0)]
    while waiting:
        prefix, at, depth = waiting.pop(0)
        try:
            with os.scandir(at) as entries:
                for entry in entries:
                    looked_at += 1
                    if looked_at > _LOOKED_AT:
                        return _first(found), True
                    name = f"{prefix}{entry.name}"
                    if entry.is_file(follow_symlinks=False):
                        found.append(ServedFile(name, entry.stat(follow_symlinks=False).st_size))
                    elif entry.is_dir(follow_symlinks=False) and depth < _MAX_FOLDER_DEPTH:
                        waiting.append((f"{name}/", Path(entry.path), depth + 1))
        except OSError:
            continue
    return _first(found), len(found) > LISTED


def _first(files: list[ServedFile]) -> tuple[ServedFile, ...]:
    return tuple(sorted(files, key=lambda file: file.name)[:LISTED])
