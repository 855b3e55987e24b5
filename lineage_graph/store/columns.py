"""What a store knows of columns: which was made from which."""

from __future__ import annotations

from collections.abc import Iterable

from lineage_graph.model import ColumnLineage
from lineage_graph.store import get
from lineage_graph.store.session import Sessions
from lineage_graph.store.values import Direction


class Columns:
    """The part of a store that is asked for columns."""

    _sessions: Sessions

    def columns(self, ids: Iterable[int], direction: Direction) -> tuple[ColumnLineage, ...]:
        """Return what the columns of these artifacts were made from (upstream), or what was made of them."""
        wanted = sorted(set(ids))
        found: set[ColumnLineage] = set()
        if direction is not Direction.DOWNSTREAM:
            found.update(self._sessions.read(lambda t: get.columns_to(t, wanted)))
        if direction is not Direction.UPSTREAM:
            found.update(self._sessions.read(lambda t: get.columns_from(t, wanted)))
        return tuple(sorted(found, key=_order))


def _order(link: ColumnLineage) -> tuple[int, str, int, str, str]:
    return (
        link.target_id,
        link.target_column,
        link.source_id,
        link.source_column,
        link.kind,
    )
