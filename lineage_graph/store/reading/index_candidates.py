"""The few nodes that can meet a filter, where an index of property keys leads to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from lineage_graph.catalog.node_query import ids_by_keys
from lineage_graph.catalog.property_index_keys import Range
from lineage_graph.filters import Filter
from lineage_graph.model import Kind
from lineage_graph.store.rows import Row
from lineage_graph.store.session import Record, Transaction

FEW = 300
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
    transaction: Transaction, kind: Kind, ranges: tuple[Range, ...], most: int
) -> list[int] | None:
    found: set[int] = set()
    for one in ranges:
        for record in transaction.run_text(ids_by_keys(kind, one), bounds(one, most)):
            found.update(record["ids"])
        if len(found) > most:
            return None
    return sorted(found)


def first_of_few(
    wanted: Filter, run: Callable[[Range, dict[str, Any]], list[Record]]
) -> list[Row] | None:
    """Return the first nodes that meet a filter, and some more; None where many can, or nothing leads there.

    ``run`` is to run the statement that ``NodeQuery.page_by_keys`` makes of a range, with these values.
    """
    for ranges in wanted.seeks[:_TRIES]:
        answers = [answer for one in ranges for answer in run(one, bounds(one, FEW))]
        if all(count <= FEW for count, _ in answers):
            return list({row["id"]: row for _, rows in answers for row in rows}.values())
    return None


def bounds(sought: Range, most: int) -> dict[str, Any]:
    """Return the values of a statement that goes along a range, and stops where more nodes are found."""
    more, end = sought.more
    values = {"low": sought.low, "high": sought.high, "more": more, "most": end}
    return {**values, "most_nodes": most + 1}
