"""Which outside sources the store was filled from, and how far each was read."""

from __future__ import annotations

import json
from typing import Any

from lineage_graph.store.session import Transaction
from lineage_graph.store.values import KnownSource


def known_sources(transaction: Transaction) -> tuple[KnownSource, ...]:
    """Return all sources by their keys."""
    rows: list[dict[str, Any]] = transaction.value("sources") or []
    found = [KnownSource(**row | {"skipped": json.loads(row["skipped"])}) for row in rows]
    return tuple(sorted(found, key=lambda source: source.key))


def note_source(transaction: Transaction, source: KnownSource) -> None:
    """Keep what is known of a source in place of what was known before."""
    row = source.model_dump() | {"skipped": json.dumps(source.skipped, sort_keys=True)}
    transaction.run("merge_sources", {"rows": [row]})
