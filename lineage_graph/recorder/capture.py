"""The environment of a step: file contents, commit, command, versions. Failures never stop a step.

Whatever cannot be found out is left out: a step never fails for want of git or of a file's digest.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib.metadata
import logging
import os
import platform
import shlex
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from lineage_graph.exchange.files import sha256_of
from lineage_graph.model import Properties
from lineage_graph.recorder.values import readable

log = logging.getLogger(__name__)

DIGEST_LIMIT = 4 * 2**30
"""Bytes of a file or folder beyond which no digest is taken (4 GiB, some ten seconds)."""
_CLOCK_OF_FILES = 10  # ms by which the clock of files may be behind
_GIT_LIMIT = 5.0  # seconds
_SLOW = 0.1  # seconds; a slower source is not asked again for a multiple of the time it took
_PAUSE = 20
_slow: dict[str, tuple[float, Properties]] = {}
_COMMIT = "# branch.oid "


def local_path(uri: str) -> Path | None:
    """Return the file or folder a URI means on this machine, or None where it is elsewhere."""
    parts = urlsplit(uri) if "://" in uri else None
    if parts is None:
        return Path(uri) if uri and "\0" not in uri else None
    if parts.scheme != "file" or parts.netloc not in ("", "localhost"):
        return None
    return Path(url2pathname(parts.path))


def digest(uri: str) -> str | None:
    """Return ``sha256:<hex>`` of a local file's bytes, or of a folder's names and files.

    None where there is no such file, it cannot be read, or it is larger than ``DIGEST_LIMIT``.
    A folder's digest covers every file below it by its relative name and digest, links followed
    to files but not to folders.
    """
    path = local_path(uri)
    try:
        if path is None or not path.exists() or _size(path) > DIGEST_LIMIT:
            return None
        return f"sha256:{_folder(path) if path.is_dir() else sha256_of(path)}"
    except (OSError, ValueError):
        log.info("no digest of %s", uri, exc_info=True)
        return None


def was_written(uri: str, since: int) -> bool:
    """True where a local file, or one in a folder, was changed since a moment in ms since the epoch."""
    path = local_path(uri)
    try:
        if path is None or not path.exists():
            return False
        earliest = (since - _CLOCK_OF_FILES) * 10**6
        return any(file.stat().st_mtime_ns >= earliest for file in _files(path))
    except (OSError, ValueError):
        return False


def _size(path: Path) -> int:
    total = 0
    for file in _files(path):
        total += file.stat().st_size
        if total > DIGEST_LIMIT:
            break
    return total


def _files(path: Path) -> Iterator[Path]:
    """Yield the regular files of a folder in the order of their names, or the file itself."""
    if not path.is_dir():
        if stat.S_ISREG(path.stat().st_mode):  # never a pipe or a device: reading might not end
            yield path
        else:
            raise OSError(f"{path} is not a regular file")
        return
    for folder, folders, names in os.walk(path):
        folders.sort()
        for name in sorted(names):
            file = Path(folder, name)
            if file.is_file():
                yield file


def _folder(path: Path) -> str:
    hashed = hashlib.sha256(b"folder\0")
    for file in _files(path):
        name = file.relative_to(path).as_posix()
        hashed.update(f"{name}\0{sha256_of(file)}\0".encode(errors="surrogateescape"))
    return hashed.hexdigest()


def surroundings() -> Properties:
    """Return what a step runs in: the command line, Python's version, the commit of its code."""
    found: Properties = {
        "command_line": readable(shlex.join(sys.orig_argv)),
        "python_version": platform.python_version(),
    }
    for folder in _code_folders():
        if commit := _git(folder):
            return found | commit
    return found


def _code_folders() -> Iterator[str]:
    """Yield where the code may be: the folder of the script that runs, then the working folder."""
    script = getattr(sys.modules.get("__main__"), "__file__", None)
    with contextlib.suppress(OSError):  # the working folder was deleted
        if script:
            yield os.path.dirname(os.path.abspath(script))
        yield os.getcwd()


def _git(folder: str) -> Properties:
    """Return the commit checked out in a folder, and whether tracked files differ from it.

    Asked for each step, for both change while a process runs; where asking is slow, seldom.
    """
    asked = _slow.get(folder)
    if asked is not None and time.monotonic() < asked[0]:
        return asked[1]
    began = time.monotonic()
    answer = _ask_git(folder, "status", "--porcelain=v2", "--branch", "--untracked-files=no")
    found = {} if answer is None else _read(answer.splitlines())
    ended = time.monotonic()
    if ended - began > _SLOW:
        _slow[folder] = (ended + _PAUSE * (ended - began), found)
    return found


def _read(lines: list[str]) -> Properties:
    """Return what git says of a commit and its files: headings begin with a ``#``."""
    commits = [line.removeprefix(_COMMIT) for line in lines if line.startswith(_COMMIT)]
    if not commits or commits[0] == "(initial)":
        return {}
    return {
        "git_commit": commits[0],
        "git_dirty": any(not line.startswith("#") for line in lines),
    }


def _ask_git(folder: str, *arguments: str) -> str | None:
    try:
        answer = subprocess.run(
            ["git", "-C", folder, "--no-optional-locks", *arguments],
            capture_output=True,
            stdin=subprocess.DEVNULL,
            timeout=_GIT_LIMIT,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return answer.stdout.decode(errors="replace").strip()


def packages() -> dict[str, str]:
    """Return the versions of the installed packages this process has imported so far."""
    try:
        owners = _owners()
        imported = {name.partition(".")[0] for name in list(sys.modules)}
        names = {owner for module in imported for owner in owners.get(module, ())}
        return {name: _version(name) for name in sorted(names, key=str.lower)}
    except Exception:  # damaged metadata of somebody's package
        log.info("no versions of packages", exc_info=True)
        return {}


@functools.lru_cache(maxsize=1)
def _owners() -> dict[str, list[str]]:
    return dict(importlib.metadata.packages_distributions())


@functools.lru_cache(maxsize=1024)
def _version(package: str) -> str:
    try:
        return readable(importlib.metadata.version(package))
    except importlib.metadata.PackageNotFoundError:
        return "unknown"
