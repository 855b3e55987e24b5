"""Which store this is: told by its first node, wherever it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from lineage_graph.model import Kind

First = tuple[int, Kind, int, str | None, str | None, str | None]
"""The earliest node of a kind: when it was made, kind, id, its type's name, name, uri."""


def identity(firsts: Iterable[First]) -> str:
    """Name a store by the earliest node of all: later ones never change which that is."""
    found = sorted(firsts, key=lambda first: (first[0], first[1].value))
    if not found:
        return "mlmd:empty"
    moment, kind, *rest = found[0]
    what = [moment, kind.value, *rest]
    return f"mlmd:{hashlib.sha256(repr(what).encode()).hexdigest()[:16]}"
