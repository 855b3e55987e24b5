"""Where ML Metadata itself is installed: a Python environment of its own, made once and kept.

Its wheels exist for CPython 3.9 to 3.11 on Linux x86-64 only, and their pins fight with ours.
"""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from filelock import FileLock
from platformdirs import user_cache_path

REQUIREMENTS = ("ml-metadata==1.17.1", "grpcio", "pytest")
VERSIONS = ("3.11", "3.10", "3.9")
_INSTALL_LIMIT = 600
_SAY_VERSION = "import sys; print('%d.%d' % sys.version_info[:2], sys.implementation.name)"


class Unavailable(Exception):
    """The original cannot be had here; the message says why.

    ``expected`` tells a machine that lacks what it takes from one where something went wrong.
    """

    def __init__(self, message: str, *, expected: bool) -> None:
        super().__init__(message)
        self.expected = expected


def original_python() -> Path:
    """Return the Python that has ML Metadata 1.17.1; install it in the user's cache folder first."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise Unavailable("ML Metadata has wheels for Linux x86-64 only", expected=True)
    interpreter = next(_interpreters(), None)
    if interpreter is None:
        wanted = " or ".join(VERSIONS)
        raise Unavailable(f"ML Metadata needs CPython {wanted}, and there is none", expected=True)
    cache = user_cache_path("lineage-graph-tests", appauthor=False, ensure_exists=True)
    folder = cache / "ml-metadata-1.17.1"
    python = folder / "bin" / "python"
    with FileLock(cache / "ml-metadata.lock"):
        if not _has_original(python):
            _install(interpreter, folder)
    return python


def _interpreters() -> Iterator[str]:
    """Yield the interpreters its wheels are for: this one first, then those on PATH and pyenv's."""
    candidates = [sys.executable]
    candidates += [found for version in VERSIONS if (found := shutil.which(f"python{version}"))]
    pyenv = Path(os.environ.get("PYENV_ROOT") or Path.home() / ".pyenv") / "versions"
    for version in VERSIONS:
        candidates += sorted(str(found) for found in pyenv.glob(f"{version}.*/bin/python"))
    for candidate in candidates:
        # A shim of pyenv is on PATH for every version, and fails for those that are not installed.
        command = [candidate, "-c", _SAY_VERSION]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.stdout.split() in [[version, "cpython"] for version in VERSIONS]:
            yield candidate


def _has_original(python: Path) -> bool:
    if not python.exists():
        return False
    command = [str(python), "-c", "import ml_metadata, grpc, pytest"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _install(interpreter: str, folder: Path) -> None:
    """Install into the final folder (an environment cannot be moved), and clear it where that fails."""
    shutil.rmtree(folder, ignore_errors=True)
    with tempfile.TemporaryFile() as log:
        try:
            for command in (
                [interpreter, "-m", "venv", str(folder)],
                [str(folder / "bin" / "python"), "-m", "pip", "install", "-q", *REQUIREMENTS],
            ):
                subprocess.run(command, check=True, stdout=log, stderr=log, timeout=_INSTALL_LIMIT)
        except (subprocess.CalledProcessError, subprocess.TimeoutExpired) as error:
            shutil.rmtree(folder, ignore_errors=True)
            log.seek(0)
            said = log.read().decode(errors="replace").strip()[-300:]
            reason = f"ML Metadata could not be installed: {said or error}"
            raise Unavailable(reason, expected=False) from error
