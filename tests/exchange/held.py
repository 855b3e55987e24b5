"""What a store would hold of a source, without a store: one subgraph with ids of its own."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lineage_graph.exchange.writing import collected
from lineage_graph.model import Kind, Node, Subgraph, Type
from lineage_graph.model.links import ENDS
from lineage_graph.model.merging import merged

Key = tuple[Kind, str]


def held(batches: Iterable[Subgraph], *, keyed: bool) -> Subgraph:
    """Return all batches as one subgraph; those of a keyed source merged by origin, with positive ids."""
    if not keyed:
        return collected(batches)
    types: dict[tuple[Kind, str], Type] = {}
    nodes: dict[Key, Node] = {}
    links: dict[str, dict[Any, Any]] = {name: {} for name in ENDS}
    for batch in batches:
        for type_ in batch.types:
            known = types.setdefault((type_.kind, type_.name), type_)
            if known.base_type is None:
                types[type_.kind, type_.name] = type_
        local: dict[tuple[Kind, int], Key] = {}
        for node in batch.nodes:
            key = (node.kind, node.origin or "")
            local[node.kind, node.id or 0] = key
            if key not in nodes:
                nodes[key] = node
            elif node.type is not None:
                nodes[key] = merged(nodes[key], node)
        order = list(nodes)
        ids = {key: number for number, key in enumerate(order, start=1)}

        for name, ends in ENDS.items():
            for link in getattr(batch, name):
                moved = {
                    field: ids[local[kind, getattr(link, field)]] for field, kind in ends.items()
                }
                new = link.model_copy(update=moved)
                if name != "events":
                    links[name][new] = new
                    continue
                key = (*moved.values(), new.type)
                old = links[name].get(key, new)
                times = [one.milliseconds_since_epoch or 0 for one in (old, new)]
                links[name][key] = new.model_copy(update={"milliseconds_since_epoch": min(times)})
    numbered = [node.model_copy(update={"id": i}) for i, node in enumerate(nodes.values(), start=1)]
    typed = [t.model_copy(update={"id": i}) for i, t in enumerate(types.values(), start=10)]
    type_ids = {(t.kind, t.name): t.id for t in typed}
    numbered = [n.model_copy(update={"type_id": type_ids[n.kind, n.type or ""]}) for n in numbered]
    return Subgraph.trusted(
        **{f"{kind.value}_types": tuple(t for t in typed if t.kind is kind) for kind in Kind},
        **{f"{kind.value}s": tuple(n for n in numbered if n.kind is kind) for kind in Kind},
        **{name: tuple(found.values()) for name, found in links.items()},
    )
