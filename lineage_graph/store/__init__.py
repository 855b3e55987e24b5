"""Store: put, get, find, walk, ask. The only place that turns the model into a graph and back."""

from lineage_graph.store.alike import SameThing
from lineage_graph.store.around import Around, Column, ColumnsPage, Side
from lineage_graph.store.beside import Beside, Near, Neighbour
from lineage_graph.store.explain import Explanation, explain_filter
from lineage_graph.store.find import behind
from lineage_graph.store.search import Hit, Search
from lineage_graph.store.showing import LineageView, executions_in
from lineage_graph.store.store import Store
from lineage_graph.store.values import (
    LINEAGE_PARTS,
    Answer,
    Census,
    Counts,
    Direction,
    Ending,
    Find,
    KnownSource,
    Lineage,
    LineageEvent,
    Linked,
    LoadResult,
    Page,
    Pair,
    PutOptions,
    PutResult,
    StopAt,
    Walk,
)

__all__ = [
    "LINEAGE_PARTS",
    "Answer",
    "Around",
    "Beside",
    "Census",
    "Column",
    "ColumnsPage",
    "Counts",
    "Direction",
    "Ending",
    "Explanation",
    "Find",
    "Hit",
    "KnownSource",
    "Lineage",
    "LineageEvent",
    "LineageView",
    "Linked",
    "LoadResult",
    "Near",
    "Neighbour",
    "Page",
    "Pair",
    "PutOptions",
    "PutResult",
    "SameThing",
    "Search",
    "Side",
    "StopAt",
    "Store",
    "Walk",
    "behind",
    "executions_in",
    "explain_filter",
]
