"""A folder of TFX pipelines: its ML Metadata file, the artifacts' files, definitions of pipelines."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from lineage_graph.errors import BadFile
from lineage_graph.exchange.sql.sqlite import tables_in

_DEEPEST = 8
_ENTRIES = 20_000  # looked at to find the metadata and definitions
_PARTS = 3  # of an address, at least, that must be found in the folder: node, output key, execution
_DEFINITION = 4 * 1024 * 1024  # bytes
_HASHED = 256 * 1024 * 1024  # bytes
_CHUNK = 1024 * 1024


@dataclass(frozen=True)
class Contents:
    """What the files of an artifact hold together, for comparing: their digest, size and number."""

    digest: str
    sha256: str | None
    bytes: int
    files: int


class TooLarge(Exception):
    """A file, or files together, that are not read for their size."""


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


def files_of(place: Path) -> list[Path]:
    """Return the files at a place in the order of their names; links are not followed."""
    if place.is_file():
        return [place]
    return sorted(_walked(place))


def contents_of(place: Path) -> Contents | None:
    """Return what the files of a place hold together; None where there are none.

    Raises:
        TooLarge: they have more than 256 MB.
    """
    files = files_of(place)
    size = sum(file.stat().st_size for file in files)
    if size > _HASHED:
        raise TooLarge
    if not files:
        return None
    digests = [_sha256(file) for file in files]
    whole = hashlib.sha256()
    for file, digest in zip(files, digests, strict=True):
        name = file.relative_to(place).as_posix() if file != place else ""
        whole.update(f"{digest} {name}\n".encode())
    alone = digests[0] if len(files) == 1 else None
    return Contents(f"files-sha256:{whole.hexdigest()}", alone, size, len(files))


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


def _sha256(file: Path) -> str:
    digest = hashlib.sha256()
    with file.open("rb") as opened:
        while chunk := opened.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def _walked(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, up to a depth and a number; links are not followed."""
    seen = 0
    for base, folders, names in os.walk(folder):
        depth = len(Path(base).relative_to(folder).parts)
        folders[:] = sorted(folders) if depth < _DEEPEST else []
        for name in sorted(names):
            seen += 1
            if seen > _ENTRIES:
                return
            path = Path(base, name)
            if path.is_file() and not path.is_symlink():
                yield path
