"""Nodes as the graph holds them, without model objects, which would slow down answers of thousands."""

from __future__ import annotations

from collections.abc import Iterable

from lineage_graph.model import Kind
from lineage_graph.store.reading import find, get
from lineage_graph.store.reading.find import RowPage
from lineage_graph.store.rows import Row
from lineage_graph.store.session import Sessions
from lineage_graph.store.values import Find


class Rows:
    """Nodes as rows, for gRPC: ``Store.rows``. The module ``store.rows`` says what a row holds."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions

    def by_id(self, kind: Kind, ids: Iterable[int]) -> list[Row]:
        """Return the nodes that exist, in the order of their ids, each once."""
        return self._sessions.read(lambda t: get.rows_by_id(t, kind, ids))

    def members(self, kind: Kind, context: int) -> list[int]:
        """Return the ids of all nodes of a kind in a context, in their order; none where there is no such context."""
        return self._sessions.read(lambda t: get.member_ids(t, kind, context))

    def find(self, wanted: Find) -> RowPage:
        """Return what ``Store.find`` does."""
        return self._sessions.read(lambda t: find.find_rows(t, wanted))
