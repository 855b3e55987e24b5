"""Loading sources whose records have keys of their own instead of ML Metadata's ids."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from lineage_graph.errors import AlreadyExists, InvalidArgument
from lineage_graph.model import ENDS, Kind, Node, Subgraph
from lineage_graph.model.secrets import without_secrets
from lineage_graph.store.loading.origins import Origins
from lineage_graph.store.loading.partial import partly
from lineage_graph.store.loading.prefetch import ahead
from lineage_graph.store.loading.renaming import renamed
from lineage_graph.store.values import LoadResult, PutOptions, PutResult

_OPTIONS = PutOptions(restore=True, merge=True, existing_links="ignore")
Put = Callable[[Subgraph, PutOptions], PutResult]


def load_keyed(
    put: Put,
    store: Origins,
    batches: Iterable[Subgraph],
    source: str,
    on_progress: Callable[[int], None] | None = None,
    in_turn: bool = False,
) -> LoadResult:
    """Load batches whose nodes are known by their origins; loading them again changes nothing.

    Each batch stands for itself: its links name local ids of its own nodes. A node without a type
    stands for the stored node of its origin. A node that is stored already is merged with what is
    stored (``model.merging``); one that was written from this very store is what is stored, which
    says more by now. A name that another node of its type has gets the source's added, and the
    node's origin where that is taken too: what has an origin of its own is never another node.
    A batch is read while the one before is stored, but not ``in_turn``. Where one fails, those before
    it stay, and the error says how much that is. Secrets are masked (``model.secrets``).

    Raises:
        InvalidArgument: a node stands for one that is not stored.
    """
    with partly(on_progress) as tally:
        for batch in batches if in_turn else ahead(batches):
            whole = _without_references(store, without_secrets(batch))
            try:
                result = put(whole, _OPTIONS)
            except AlreadyExists:
                result = put(renamed(whole, source, store, Kind), _OPTIONS)
            tally.add(whole, result)
    return tally.result


def _without_references(store: Origins, batch: Subgraph) -> Subgraph:
    """Return the batch with stored ids in place of the nodes that only stand for stored ones."""
    stored: dict[tuple[Kind, int], int] = {}
    changes: dict[str, Any] = {}
    for kind in Kind:
        nodes = batch.nodes_of(kind)
        home = store.own_by_origin(kind, [n.origin or "" for n in nodes])
        references = {
            n.origin or "": n.id or 0 for n in nodes if _is_reference(n) or n.origin in home
        }
        if not references:
            continue
        found = home | store.by_origin(kind, references.keys() - home)
        for origin, local in references.items():
            if origin not in found:
                raise InvalidArgument(
                    f"The source names the {kind.value} {origin!r}, which was not read.",
                    hint="Read the source again from its beginning.",
                )
            stored[kind, local] = found[origin]
        changes[f"{kind.value}s"] = tuple(n for n in nodes if n.origin not in references)
    if not stored:
        return batch
    for name, ends in ENDS.items():
        changes[name] = tuple(
            link.model_copy(
                update={
                    end: stored.get((kind, getattr(link, end)), getattr(link, end))
                    for end, kind in ends.items()
                }
            )
            for link in getattr(batch, name)
        )
    return batch.model_copy(update=changes)


def _is_reference(node: Node) -> bool:
    return node.type is None and node.type_id is None and node.origin is not None
