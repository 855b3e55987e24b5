"""Store: put, get, find, walk, ask. The only place that turns the model into a graph and back."""

from lineage_graph.store.store import Store
from lineage_graph.store.values import (
    Answer,
    Counts,
    Direction,
    Ending,
    Find,
    KnownSource,
    LoadResult,
    Page,
    PutOptions,
    PutResult,
    StopAt,
    Walk,
)

__all__ = [
    "Answer",
    "Counts",
    "Direction",
    "Ending",
    "Find",
    "KnownSource",
    "LoadResult",
    "Page",
    "PutOptions",
    "PutResult",
    "StopAt",
    "Store",
    "Walk",
]
