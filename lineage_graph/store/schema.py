"""Prepare: constraints, indexes, ML Metadata's own types, the store's identity. Twice changes nothing."""

from __future__ import annotations

import uuid

from lineage_graph.catalog import Catalog
from lineage_graph.errors import UnknownVersion
from lineage_graph.model import Kind
from lineage_graph.store.ids import SEQUENCES
from lineage_graph.store.rows import TYPE_CLASSES, type_row
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.types import SYSTEM_TYPES

SCHEMA_VERSION = 1


def prepare(sessions: Sessions, catalog: Catalog) -> str:
    """Make the store ready for use and return its identity (a UUID).

    Raises:
        UnknownVersion: a newer release has prepared this store.
    """
    known = sessions.read(_identity)
    if known is None:
        for query in catalog.folder("schema"):
            sessions.schema(query.name)
        known = sessions.write(_begin)
    store_id, version = known
    if version > SCHEMA_VERSION:
        raise UnknownVersion(
            f"This store has version {version} of our graph schema; this release knows {SCHEMA_VERSION}.",
            hint="Install a newer release.",
        )
    return store_id


def _identity(transaction: Transaction) -> tuple[str, int] | None:
    records = transaction.run("store_identity")
    return (records[0]["id"], records[0]["version"]) if records else None


def _begin(transaction: Transaction) -> tuple[str, int]:
    for name in SEQUENCES:
        transaction.run("make_sequence", {"name": name})
    made = transaction.run("make_store", {"id": str(uuid.uuid4()), "version": SCHEMA_VERSION})[0]
    present = {
        record["type"]["name"]
        for kind in (Kind.ARTIFACT, Kind.EXECUTION)
        for record in transaction.run("types", kind=kind)
    }
    for number, (kind, base) in enumerate(SYSTEM_TYPES, start=1):
        if base.value not in present:
            row = type_row(TYPE_CLASSES[kind](name=base.value), number)
            transaction.run("create_type", {"rows": [row]}, kind=kind)
    transaction.run("skip_ids", {"name": "type", "next": len(SYSTEM_TYPES) + 1})
    return made["id"], made["version"]
