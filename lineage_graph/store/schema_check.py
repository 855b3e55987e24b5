"""Which constraints and indexes of the schema the database lacks.

They are compared by label (or type of relationship) and property, not by name: the embedded engine names indexes itself.
"""

from __future__ import annotations

from lineage_graph.catalog.schema import SCHEMA, SchemaItem
from lineage_graph.store.session import Sessions, Transaction


def missing(sessions: Sessions) -> tuple[SchemaItem, ...]:
    """Return the constraints and indexes that the database does not have."""
    constraints, indexes = sessions.read(
        lambda transaction: (_targets(transaction, "constraints"), _targets(transaction, "indexes"))
    )
    return tuple(
        item
        for item in SCHEMA
        if (item.target, item.key) not in (constraints if item.unique else indexes)
    )


def _targets(transaction: Transaction, name: str) -> set[tuple[str, str]]:
    return {
        (record["labels"][0], record["properties"][0])
        for record in transaction.run(name)
        if record["labels"] and record["properties"]
    }
