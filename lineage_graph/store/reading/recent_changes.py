"""Changes: what came or changed of late, for those who watch a store."""

from __future__ import annotations

from lineage_graph.model import Kind, Ref
from lineage_graph.model.values import Frozen
from lineage_graph.store.session import Transaction


class Recent(Frozen):
    """The nodes that came or changed since a moment, with when; and how many nodes there are in all.

    ``cut`` says that more changed than were asked for. Links that join old nodes are not seen.
    """

    changed: dict[Ref, int]
    nodes: int
    cut: bool


def recent(transaction: Transaction, since: int, limit: int) -> Recent:
    """Return what changed since a moment (ms since the epoch), ``limit`` nodes of a kind at most."""
    changed: dict[Ref, int] = {}
    nodes, cut = 0, False
    for kind in Kind:
        found = transaction.run("changes", {"since": since, "limit": limit}, kind=kind)
        changed.update({Ref(kind, row["id"]): row["changed"] for row in found})
        cut = cut or len(found) == limit
        nodes += int(transaction.value("count_nodes", kind=kind))
    return Recent(changed=changed, nodes=nodes, cut=cut)
