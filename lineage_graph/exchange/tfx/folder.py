"""A folder of TFX pipelines: its ML Metadata file, the artifacts' files, definitions of pipelines."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lineage_graph.errors import BadFile
from lineage_graph.exchange.files import sha256_of
from lineage_graph.exchange.sql.sqlite import tables_in

_MAX_FOLDER_DEPTH = 8
_ENTRIES = 20_000  # looked at to find the metadata and definitions
_PARTS = 3  # of an address, at least, that must be found in the folder: node, output key, execution
_DEFINITION = 4 * 1024 * 1024  # bytes
_HASHED = 256 * 1024 * 1024  # bytes


@dataclass(frozen=True)
class Contents:
    """What the files of an artifact hold together, for comparing: their digest, size and number."""

    digest: str
    sha256: str | None
    bytes: int
    files: int


class TooLarge(Exception):
    """A file, or files together, that are not read for their size."""


def holds_metadata(folder: Path) -> bool:
    """True where an ML Metadata file is below a folder, be it one of several."""
    return any("MLMDEnv" in tables_in(path) for path in _walked(folder))


def metadata_file(folder: Path) -> Path | None:
    """Return the one ML Metadata file below a folder, None where there is none.

    Raises:
        BadFile: there are several.
    """
    found = [path for path in _walked(folder) if "MLMDEnv" in tables_in(path)]
    if len(found) > 1:
        names = ", ".join(str(path.relative_to(folder)) for path in found[:3])
        raise BadFile(
            f"{folder} holds {len(found)} ML Metadata files: {names}.",
            hint="Name one of them, or the folder of one pipeline.",
        )
    return found[0] if found else None


def definitions(folder: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield the definition of each pipeline that a JSON file below a folder holds: path, name, definition.

    These are what TFX compiles a pipeline to: Kubeflow's ``pipelineSpec`` and its own intermediate
    representation. Other files are passed over.
    """
    for path in _walked(folder):
        if path.suffix != ".json" or path.stat().st_size > _DEFINITION:
            continue
        try:
            found = json.loads(path.read_bytes())
        except (ValueError, RecursionError, OSError):
            continue
        if not isinstance(found, dict):
            continue
        spec = found.get("pipelineSpec", found)
        info = spec.get("pipelineInfo") if isinstance(spec, dict) else None
        if isinstance(info, dict):
            name = info.get("name") or info.get("id")
            if isinstance(name, str):
                yield str(path.relative_to(folder)), name, found


def place_of(uri: str, folder: Path) -> Path | None:
    """Return where below a folder an artifact's files are, None where they are not.

    The folder may have been moved since: of the address, as much of its end is looked for as is there.
    """
    parts = [part for part in unquote(urlsplit(uri).path).split("/") if part]
    if len(parts) < _PARTS or any(part in (".", "..") or "\0" in part for part in parts):
        return None
    for start in range(len(parts) - _PARTS + 1):
        found = folder.joinpath(*parts[start:])
        if found.exists() and found.resolve().is_relative_to(folder):
            return found
    return None


def files_of(place: Path) -> Iterator[Path]:
    """Yield all regular files at a place in the order of their paths; links are not followed.

    Raises:
        OSError: a folder cannot be listed.
    """
    if place.is_file():
        yield place
        return
    waiting = _listed(place)
    while waiting:
        entry = waiting.pop()
        if entry.is_dir(follow_symlinks=False):
            waiting += _listed(entry.path)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def _listed(folder: Path | str) -> list[os.DirEntry[str]]:
    """Return what is in a folder, the last by name first."""
    with os.scandir(folder) as entries:
        return sorted(entries, key=lambda entry: entry.name, reverse=True)


def contents_of(place: Path) -> Contents | None:
    """Return what the files of a place hold together, however many they are; None where there are none.

    Raises:
        TooLarge: they have more than 256 MB.
        OSError: one of them cannot be read.
    """
    size = 0
    for file in files_of(place):
        size += file.stat().st_size
        if size > _HASHED:
            raise TooLarge
    whole, digest, count = hashlib.sha256(), "", 0
    for file in files_of(place):
        count += 1
        digest = sha256_of(file)
        name = file.relative_to(place).as_posix() if file != place else ""
        whole.update(f"{digest} {name}\n".encode(errors="surrogateescape"))
    if not count:
        return None
    alone = digest if count == 1 else None
    return Contents(f"files-sha256:{whole.hexdigest()}", alone, size, count)


def read(file: Path, most: int) -> bytes:
    """Return what a file holds.

    Raises:
        TooLarge: that is more than ``most`` bytes.
    """
    with file.open("rb") as opened:
        data = opened.read(most + 1)
    if len(data) > most:
        raise TooLarge
    return data


def _walked(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, the nearest first, up to a depth and a number; no links are followed.

    What describes a pipeline lies above the files of its artifacts, which may be very many.
    """
    waiting = deque([(folder, 0)])
    seen = 0
    while waiting:
        base, depth = waiting.popleft()
        try:
            entries = _listed(base)
        except OSError:  # of somebody else
            continue
        for entry in reversed(entries):
            seen += 1
            if seen > _ENTRIES:
                return
            if entry.is_dir(follow_symlinks=False):
                if depth < _MAX_FOLDER_DEPTH:
                    waiting.append((Path(entry.path), depth + 1))
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
