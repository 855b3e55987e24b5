"""Programs and libraries of others that tests need: ``dot``, ``dvc``, ``git-lfs``, pandas."""

from __future__ import annotations

import importlib
import os
import shutil
import time
from pathlib import Path
from typing import Any

import pytest

_PATIENCE = 180.0  # seconds for a program that continuous integration installs meanwhile


def tool(name: str) -> str:
    """Return the path of a program, or the one that the variable of its name says (``DVC``).

    A machine without it skips the test; with ``CI`` set that is a failure.
    """
    named = os.environ.get(name.upper().replace("-", "_"))
    end = time.monotonic() + _PATIENCE
    while named and not Path(named).exists() and time.monotonic() < end:
        time.sleep(1)
    found = shutil.which(named or name)
    if found is None and "CI" in os.environ:
        pytest.fail(f"with CI set, {name} is needed, and there is none")
    if found is None:
        pytest.skip(f"there is no {name}")
    return found


def library(name: str) -> Any:
    """Return a library; a machine without it skips the module, with ``CI`` set that is a failure."""
    return importlib.import_module(name) if "CI" in os.environ else pytest.importorskip(name)
