"""What readers of outside sources ask a store while they read."""

from __future__ import annotations

from collections.abc import Iterable

from lineage_graph.model import Kind, Node
from lineage_graph.store.loading.dataset_versions import DatasetVersions
from lineage_graph.store.loading.origins import Origins
from lineage_graph.store.reading import get


class Lookup(Origins, DatasetVersions):
    """What readers ask of a store: ``store.lookup``. It is an ``exchange.store_lookup.StoreLookup``."""

    def get(self, kind: Kind, ids: Iterable[int]) -> tuple[Node, ...]:
        """Return the nodes that exist, in the order of their ids, each once."""
        return tuple(self._sessions.read(lambda t: get.nodes_by_id(t, kind, ids)))
