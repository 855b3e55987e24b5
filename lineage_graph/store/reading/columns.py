"""What a store knows of columns: which was made from which."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from lineage_graph.model import ColumnLineage
from lineage_graph.store.rows import column_of
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Direction


def columns(
    transaction: Transaction, ids: Iterable[int], direction: Direction
) -> tuple[ColumnLineage, ...]:
    """Return what the columns of these artifacts were made from (upstream), or what was made of them."""
    wanted = sorted(set(ids))
    found: set[ColumnLineage] = set()
    if direction is not Direction.DOWNSTREAM:
        found.update(columns_to(transaction, wanted))
    if direction is not Direction.UPSTREAM:
        found.update(columns_from(transaction, wanted))
    return tuple(sorted(found, key=_order))


def _order(link: ColumnLineage) -> tuple[int, str, int, str, str]:
    return (
        link.target_id,
        link.target_column,
        link.source_id,
        link.source_column,
        link.kind,
    )


def columns_from(transaction: Transaction, ids: Sequence[int]) -> list[ColumnLineage]:
    """Return what was made of the columns of these artifacts."""
    return _columns(transaction, "columns_downstream", ids)


def columns_to(transaction: Transaction, ids: Sequence[int]) -> list[ColumnLineage]:
    """Return what the columns of these artifacts were made from."""
    return _columns(transaction, "columns_upstream", ids)


def _columns(transaction: Transaction, query: str, ids: Sequence[int]) -> list[ColumnLineage]:
    found = transaction.gathered(query, "ids", ids)
    links = ((source, target, row) for source, target, rows in found for row in rows)
    return [
        column_of(*one) for one in sorted(links, key=lambda one: (*one[:2], one[2].get("key", "")))
    ]
