"""Search: nodes by any text in them, the newest first, in windows of ids that grow back in time.

What is common is found among the newest nodes in milliseconds; what is rare or not there at all
takes as long as reading every name once, or every property.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lineage_graph.catalog.names import CUSTOM, RESERVED, custom_name, declared_name
from lineage_graph.model import Kind, Node
from lineage_graph.store.rows import node_from_row
from lineage_graph.store.session import Transaction

_FIRST_WINDOW = 5_000
_GROWTH = 8
_LOWEST = -(2**63)


@dataclass(frozen=True)
class Hit:
    """A node that holds a text: in its name, its address or its external id, or in properties."""

    node: Node
    properties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Search:
    """Where a text is looked for: among nodes of these kinds, at most ``limit`` of each.

    ``properties``: in the values of properties, instead of in names, addresses and external ids.
    ``newest``: only among so many ids of each kind, the newest; all without it.
    """

    kinds: tuple[Kind, ...] = tuple(Kind)
    properties: bool = False
    limit: int = 8
    newest: int | None = None


def search(transaction: Transaction, text: str, wanted: Search) -> tuple[Hit, ...]:
    """Return the newest nodes of each kind that hold a text, letters in either case."""
    statement = "search_properties" if wanted.properties else "search_names"
    values: dict[str, Any] = {"text": text.lower()}
    if wanted.properties:
        values["others"] = sorted(RESERVED)
    hits: list[Hit] = []
    for kind in wanted.kinds:
        left = wanted.limit
        for low, high in _windows(transaction, kind, wanted.newest):
            within = {**values, "low": low, "high": high, "limit": left}
            records = transaction.run(statement, within, kind=kind)
            hits += [_hit(kind, record) for record in records]
            left -= len(records)
            if left <= 0:
                break
    return tuple(hits)


def _windows(transaction: Transaction, kind: Kind, newest: int | None) -> Iterator[tuple[int, int]]:
    """Yield ranges of ids from the newest node to the oldest, each larger than the one before."""
    high, width = transaction.value("last_id", kind=kind) or 0, _FIRST_WINDOW
    end = 0 if newest is None else high - newest
    while high > max(end, 0):
        low = high - width
        if low <= width * _GROWTH:  # the rest is not worth another window
            low = _LOWEST
        if end > 0:
            low = max(low, end + 1)
        yield low, high
        high, width = low - 1, width * _GROWTH


def _hit(kind: Kind, record: Any) -> Hit:
    keys = record.get("keys") or ()
    names = [custom_name(key) if key.startswith(CUSTOM) else declared_name(key) for key in keys]
    return Hit(node_from_row(kind, record["node"]), tuple(names))
