"""Importing the driver without the libraries of data that it can do without."""

from __future__ import annotations

import sys

_OPTIONAL = ("numpy", "pandas", "pyarrow")


def import_driver() -> None:
    """Import the driver, for a process of our own, without numpy, pandas and pyarrow.

    It takes their values as parameters, and imports them for that wherever they are installed: half a
    second of each command. No value of ours is one of theirs.
    """
    if "neo4j" in sys.modules:
        return
    absent = [name for name in _OPTIONAL if name not in sys.modules]
    sys.modules.update(dict.fromkeys(absent))  # type: ignore[arg-type]  # None: cannot be imported
    try:
        import neo4j  # noqa: F401
    finally:
        for name in absent:
            del sys.modules[name]
