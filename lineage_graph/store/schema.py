"""Prepare: constraints, indexes, ML Metadata's own types, the store's identity. Twice changes nothing."""

from __future__ import annotations

import logging
import uuid
from functools import partial

from lineage_graph.errors import UnknownVersion
from lineage_graph.model import TYPE_CLASSES, Kind
from lineage_graph.model.values import SYSTEM_TYPES
from lineage_graph.store.rows import type_row, with_keys
from lineage_graph.store.schema_check import missing
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.writing.ids import SEQUENCES

log = logging.getLogger(__name__)

SCHEMA_VERSION = 4
"""1: nodes hold no keys of their properties, and nothing indexes them; 2: artifacts hold none of their digests;
3: a state that was never told is stored as UNKNOWN."""
_WITH_KEYS = 3
_BATCH = 2000
_MAX_NODES_AT_ONCE = 20_000
_BEFORE_ALL = -(2**63)


def prepare(sessions: Sessions) -> str:
    """Make the store ready for use and return its identity (a UUID).

    A store of an older release is brought up to this one, which may take a minute for a million nodes.

    Raises:
        UnknownVersion: a newer release has prepared this store.
    """
    known = sessions.read(_identity)
    if known is None or known[1] < SCHEMA_VERSION:
        for item in missing(sessions):
            sessions.create(item)
    if known is None:
        known = sessions.write(_begin)
    store_id, version = known
    if version > SCHEMA_VERSION:
        raise UnknownVersion(
            f"This store has version {version} of our graph schema; this release knows {SCHEMA_VERSION}.",
            hint="Install a newer release.",
        )
    if version < SCHEMA_VERSION:
        _bring_up(sessions, version)
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


def _bring_up(sessions: Sessions, version: int) -> None:
    """Do to the nodes of an older store what this release does when it writes them, batch by batch."""
    log.info("bringing the store up to version %s of the graph schema", SCHEMA_VERSION)
    for kind in (Kind.ARTIFACT, Kind.EXECUTION):
        after: int | None = _BEFORE_ALL if version < _WITH_KEYS else None
        while after is not None:
            after = sessions.write(partial(_add_keys, kind, after))
        while sessions.write(partial(_forget_unknown, kind)):
            pass
    sessions.write(lambda t: t.run("set_schema_version", {"version": SCHEMA_VERSION}))


def _add_keys(kind: Kind, after: int, transaction: Transaction) -> int | None:
    """Add keys to the next nodes behind an id; return the last one's, None where there are no more."""
    values = {"after": after, "limit": _BATCH}
    ids: list[int] = [record["id"] for record in transaction.run("ids_after", values, kind=kind)]
    if not ids:
        return None
    rows = transaction.value("lock_nodes", {"ids": ids}, kind=kind)
    rows = [with_keys(kind, row) for row in rows]
    transaction.run("update_nodes", {"rows": rows}, kind=kind)
    return ids[-1]


def _forget_unknown(kind: Kind, transaction: Transaction) -> int:
    """Take the state UNKNOWN away from nodes that have it; return from how many.

    Older releases stored it where none was told, and told clients of none where it was. Once one
    process is done with that, an UNKNOWN was told, and another process must leave it.
    """
    if transaction.value("hold_store") >= SCHEMA_VERSION:
        return 0
    found: int = transaction.value("forget_unknown", {"limit": _MAX_NODES_AT_ONCE}, kind=kind)
    return found
