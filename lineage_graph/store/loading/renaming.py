"""Other names for what a source brings under names that are taken: it knows its nodes by their origins."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lineage_graph.model import Kind, Node, Subgraph
from lineage_graph.store.loading.origins import Named, Origins


def renamed(batch: Subgraph, source: str, store: Origins, kinds: Iterable[Kind]) -> Subgraph:
    """Return the batch with other names for new nodes whose own are taken, there or in the store.

    Such a name gets the source's added, and the node's origin where that is taken too.
    """
    changes: dict[str, Any] = {}
    for kind in kinds:
        nodes = batch.nodes_of(kind)
        stored = store.by_origin(kind, [n.origin for n in nodes if n.origin is not None])
        fresh = {
            place: _names(node, source)
            for place, node in enumerate(nodes)
            if node.name is not None and node.origin not in stored
        }
        used = store.taken_names(kind, (name for names in fresh.values() for name in names))
        changed = list(nodes)
        for place, names in fresh.items():
            name = next((name for name in names if name not in used), None)
            if name is not None:
                used.add(name)
                changed[place] = nodes[place].model_copy(update={"name": name[1]})
        changes[f"{kind.value}s"] = tuple(changed)
    return batch.model_copy(update=changes)


def _names(node: Node, source: str) -> list[Named]:
    """Return the names a node could have, the best first."""
    of = (node.type or "", node.type_version or "") if node.type_id is None else node.type_id
    names = (node.name or "", f"{node.name} ({source})", f"{node.name} ({node.origin})")
    return [(of, name) for name in names]
