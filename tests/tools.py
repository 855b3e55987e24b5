"""Programs of others that tests ask for the truth: ``dot``, ``dvc``, ``git-lfs``."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

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
