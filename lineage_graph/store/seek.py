"""The few nodes that can meet a filter, where an index of property keys leads to them."""

from __future__ import annotations

from lineage_graph.catalog.compose import seek_nodes
from lineage_graph.catalog.seeking import Range
from lineage_graph.filters import Filter
from lineage_graph.model import Kind
from lineage_graph.store.session import Transaction

FEW = 150
"""Nodes that are looked for before anything else is tried: to learn that there are more costs little."""
MANY = 5000
"""Nodes that are worth being looked at one by one, instead of all."""
_TRIES = 3  # conditions of a filter that are tried


def candidates(transaction: Transaction, kind: Kind, wanted: Filter, most: int) -> list[int] | None:
    """Return the ids of all nodes that can meet a filter; None where they are more, or nothing leads there."""
    for ranges in wanted.seeks[:_TRIES]:
        found = _within(transaction, kind, ranges, most)
        if found is not None:
            return found
    return None


def _within(
    transaction: Transaction, kind: Kind, ranges: tuple[Range, ...], limit: int
) -> list[int] | None:
    found: set[int] = set()
    for one in ranges:
        more, most = one.more
        values = {"low": one.low, "high": one.high, "more": more, "most": most, "limit": limit + 1}
        for record in transaction.run_text(seek_nodes(kind, one), values):
            found.update(record["ids"])
        if len(found) > limit:
            return None
    return sorted(found)
