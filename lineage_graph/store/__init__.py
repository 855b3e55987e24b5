"""Store: put, get, find, walk, ask. The only place that turns the model into a graph and back."""

from lineage_graph.store.cypher_result import CypherResult
from lineage_graph.store.loading.same_as import SameThing
from lineage_graph.store.reading.explain import Explanation, explain_filter
from lineage_graph.store.reading.find import behind, is_property, sort_value
from lineage_graph.store.reading.neighbours import Neighbour, NeighbourPage, NeighbourQuery
from lineage_graph.store.reading.node_pages import Around, Column, ColumnsPage, Side
from lineage_graph.store.reading.search import Hit, Search
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
    "Census",
    "Column",
    "ColumnsPage",
    "Counts",
    "CypherResult",
    "Direction",
    "Ending",
    "Explanation",
    "Find",
    "Hit",
    "KnownSource",
    "Lineage",
    "LineageEvent",
    "Linked",
    "LoadResult",
    "Neighbour",
    "NeighbourPage",
    "NeighbourQuery",
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
    "explain_filter",
    "is_property",
    "sort_value",
]
