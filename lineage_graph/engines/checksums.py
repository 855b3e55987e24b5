"""Checksums of the embedded engine's files, by which damage is found that happened while it did not run.

The engine keeps none, so that a bit that changed in a value reads as another value. When it has
stopped, its host notes the checksum of every file; before it starts again, the host compares them.
After a process that was killed, only files that were not written since are compared.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict, ValidationError

from lineage_graph.errors import DamagedStore

CHECKSUM_FILE = "checksums.json"
_CHUNK = 2**20  # bytes read at once
_TOLD = 5  # damaged files named in a message
_FILE = re.compile(r"(?P<name>.+?)_\d+(?P<side>_(?:in|out)_edges)?[_.].*\.(?P<end>\w+)")


class _File(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int
    modified: int  # ns since the epoch
    checksum: int

    def is_of(self, path: Path) -> bool:
        """Say whether a file still has the size and the time that were noted."""
        found = path.stat()
        return (found.st_size, found.st_mtime_ns) == (self.size, self.modified)


class _Noted(BaseModel):
    """What the file of checksums holds; ``damage`` once found stays, for later checksums are those of damaged files."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    stopped: bool
    files: Mapping[str, _File]
    damage: tuple[str, ...] = ()


def check_files(folder: Path, database: Path) -> tuple[str, ...]:
    """Compare a database's files with what was noted when the engine stopped, before it starts again.

    Returns what is damaged, in words; this is also kept in ``folder``.
    """
    if not (folder / CHECKSUM_FILE).exists():
        return ()
    noted = _read(folder)
    if noted is None:
        noted = _Noted(stopped=False, files={}, damage=(f"the file {CHECKSUM_FILE}",))
    damage = dict.fromkeys(noted.damage)
    for name, file in noted.files.items():
        path = database / name
        if not path.exists():
            if noted.stopped:
                damage[f"{_described(name)}, which is missing"] = None
        elif (noted.stopped or file.is_of(path)) and not _holds(path, file):
            damage[_described(name)] = None
    found = noted.model_copy(update={"stopped": False, "damage": tuple(damage)})
    _write(folder, found)
    return found.damage


def note_files(folder: Path, database: Path) -> None:
    """Note the checksums of a database's files, after the engine has stopped."""
    before = _read(folder) or _Noted(stopped=False, files={})
    files = {}
    for path in _files(database):
        known = before.files.get(path.name)
        files[path.name] = known if known is not None and known.is_of(path) else _noted(path)
    _write(folder, _Noted(stopped=True, files=files, damage=before.damage))


def known_damage(folder: Path) -> DamagedStore | None:
    """Return the error that says what was found to be damaged when the engine started."""
    noted = _read(folder) if (folder / CHECKSUM_FILE).exists() else None
    if noted is None or not noted.damage:
        return None
    told, more = ", ".join(noted.damage[:_TOLD]), len(noted.damage) - _TOLD
    return DamagedStore(
        f"The store in {folder} is damaged: {told}{f' and {more:,} more files' if more > 0 else ''} "
        "changed while the engine did not run.",
        hint="Read a backup into an empty folder (import BACKUP --folder NEW); without one, delete "
        f"{folder / CHECKSUM_FILE}, and what can still be read is taken as it is.",
    )


def _read(folder: Path) -> _Noted | None:
    try:
        return _Noted.model_validate_json((folder / CHECKSUM_FILE).read_bytes())
    except (OSError, ValidationError):
        return None


def _write(folder: Path, noted: _Noted) -> None:
    temporary = folder / f"{CHECKSUM_FILE}.new"
    temporary.write_text(noted.model_dump_json(), encoding="utf-8")
    temporary.replace(folder / CHECKSUM_FILE)


def _files(database: Path) -> Iterator[Path]:
    if database.is_dir():
        yield from sorted(path for path in database.iterdir() if path.is_file())


def _noted(path: Path) -> _File:
    found = path.stat()
    return _File(size=found.st_size, modified=found.st_mtime_ns, checksum=_checksum(path) or 0)


def _holds(path: Path, file: _File) -> bool:
    return path.stat().st_size == file.size and _checksum(path) == file.checksum


def _checksum(path: Path) -> int | None:
    """Return the CRC-32 of a file; None where the disk cannot read it."""
    found = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                found = zlib.crc32(chunk, found)
    except OSError:
        return None
    return found


def _described(name: str) -> str:
    """Return which file this is and what it holds, such as ``Model_0.12.v0.bucket (Model)``."""
    match = _FILE.fullmatch(name)
    if match is None:
        return f"the file {name}"
    held = " and ".join(unquote(match["name"]).split("~"))
    what = "links of " if match["side"] else "an index of " if match["end"] != "bucket" else ""
    return f"the file {name} ({what}{held})"
