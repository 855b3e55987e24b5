"""The store that a caller gives, else the one of the settings."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lineage_graph.store import Store


@contextmanager
def opened(store: Store | None) -> Iterator[Store]:
    """Yield the given store, else that of the settings, which is left again."""
    if store is not None:
        yield store
        return
    with Store.open() as own:
        yield own
