"""The sets of nodes that a filter looks up: what is upstream, downstream or within something."""

from __future__ import annotations

from typing import Any

from lineage_graph.catalog.compose import FLOW, OUTPUTS
from lineage_graph.errors import NotFound
from lineage_graph.filters import NodeSet
from lineage_graph.filters.diagnostics import wrong
from lineage_graph.model import Kind
from lineage_graph.store.reading import get
from lineage_graph.store.session import Transaction


def statement_of(kind: Kind, one: NodeSet) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """Return the name of the statement that finds a set's ids, its values and its holes."""
    ref = one.ref
    if one.way == "within":
        values = {"id": None if ref is None else ref.id, "name": one.context}
        holes = {"links": OUTPUTS} if kind is Kind.ARTIFACT else {}
        return f"ids_within_{kind.value}", values, holes
    assert ref is not None
    holes = {"source": ref.kind, "target": kind, "links": FLOW}
    return f"ids_{one.way}", {"id": ref.id}, holes


def ids_of(transaction: Transaction, kind: Kind, one: NodeSet, text: str) -> list[int]:
    """Return the ids of the nodes of a kind that are in a set; what it starts from is not.

    Raises:
        InvalidArgument: there is no such node or context; ``text`` is the filter that names it.
    """
    name, values, holes = statement_of(kind, one)
    found = set(transaction.value(name, values, **holes) or ())
    if not found and not _is_there(transaction, one):
        what = f"{one.ref}" if one.ref is not None else f"context called {one.context!r}"
        raise wrong(text, one.position, f"there is no {what}")
    if one.ref is not None and one.ref.kind is kind:
        found.discard(one.ref.id)
    return sorted(found)


def _is_there(transaction: Transaction, one: NodeSet) -> bool:
    if one.ref is None:
        return bool(transaction.value("context_is_called", {"name": one.context}))
    try:
        get.node(transaction, one.ref)
    except NotFound:
        return False
    return True
