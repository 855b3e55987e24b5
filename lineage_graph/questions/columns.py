"""Questions about columns: where each comes from, what was made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lineage_graph.catalog import Param
from lineage_graph.model import ColumnLineage, Kind, Ref
from lineage_graph.questions.declare import HOPS, Found, node_param, walk
from lineage_graph.store import Direction, Store

_MOST_LINKS = 200_000
WHOLE = "*"
"""The column that stands for all of an artifact's, where something decided which rows there are."""
_ROWS = "artifact int, {column} str, kind str, hops int"

Column = tuple[int, str]


@walk(
    node_param("artifact", "id of the artifact, a table for example"),
    Param("column", "str", "only this column", nullable=True, required=False),
    HOPS,
    returns=f"rows column str, {_ROWS.format(column='source_column')}",
    tags="columns, lineage, artifacts",
)
def columns_of_artifact(store: Store, artifact: int, column: str | None, hops: int | None) -> Found:
    """Where does each column of this artifact come from?

    Through all hops: the columns that each was made from, nearest first. Kind is DIRECT where its
    value went all the way, INDIRECT where somewhere it only decided (a filter, a join, an order), and
    empty where the tool does not tell. The column * stands for all of an artifact's.
    """
    found = _Columns(store, artifact, Direction.UPSTREAM, hops)
    names = sorted(found.of(artifact)) if column is None else [column]
    rows = [
        (name, source, source_column, kind, distance)
        for name in names
        for (source, source_column), kind, distance in found.reached((artifact, name))
    ]
    return Found(rows, truncated=found.truncated)


@walk(
    node_param("artifact", "id of the artifact, a table for example"),
    Param("column", "str", "its column"),
    HOPS,
    returns=f"rows {_ROWS.format(column='column')}",
    tags="columns, impact, artifacts",
)
def impact_of_column(store: Store, artifact: int, column: str, hops: int | None) -> Found:
    """What was made of this column?

    The columns that were made from it, through all hops, nearest first. Kind as in
    columns-of-artifact: DIRECT, INDIRECT or empty.
    """
    found = _Columns(store, artifact, Direction.DOWNSTREAM, hops)
    rows = [(*end, kind, distance) for end, kind, distance in found.reached((artifact, column))]
    return Found(rows, truncated=found.truncated)


class _Columns:
    """The links of columns that can be reached from an artifact, one way."""

    def __init__(self, store: Store, artifact: int, way: Direction, hops: int | None) -> None:
        store.node(Ref(Kind.ARTIFACT, artifact))
        self._next: dict[int, dict[str, list[tuple[Column, str]]]] = {}
        self._way, self._hops = way, hops
        self.truncated = False
        seen, frontier, count = {artifact}, [artifact], 0
        while frontier and (hops is None or hops > 0):
            links = store.columns(frontier, way)
            count += len(links)
            for link in links:
                self._add(link, way)
            if count > _MOST_LINKS:
                self.truncated = True
                return
            ends = {
                link.source_id if way is Direction.UPSTREAM else link.target_id for link in links
            }
            frontier = sorted(ends - seen)
            seen |= ends
            hops = None if hops is None else hops - 1

    def _add(self, link: ColumnLineage, way: Direction) -> None:
        near, far = (link.source_id, link.source_column), (link.target_id, link.target_column)
        if way is Direction.UPSTREAM:
            near, far = far, near
        self._next.setdefault(near[0], {}).setdefault(near[1], []).append((far, link.kind))

    def of(self, artifact: int) -> Iterable[str]:
        """The columns of an artifact that are linked."""
        return self._next.get(artifact, {}).keys()

    def reached(self, start: Column) -> list[tuple[Column, str, int]]:
        """Return the columns that can be reached from one, how, and how far they are; the nearest first."""
        best: dict[Column, tuple[int, int]] = {start: (0, 0)}
        frontier, distance = {start: 0}, 0
        while frontier and (self._hops is None or distance < self._hops):
            distance += 1
            following: dict[Column, int] = {}
            for column, rank in frontier.items():
                for other, kind in self._links(column):
                    way = max(rank, _rank(kind))
                    if way < best.get(other, (_WORST, 0))[0]:
                        best[other] = (way, best.get(other, (0, distance))[1])
                        following[other] = way
            frontier = following
        del best[start]
        found = [(column, _KINDS[rank], hops) for column, (rank, hops) in best.items()]
        return sorted(found, key=lambda one: (one[2], one[0]))

    def _links(self, column: Column) -> Iterator[tuple[Column, str]]:
        by_name = self._next.get(column[0], {})
        if column[1] == WHOLE and self._way is Direction.DOWNSTREAM:
            yield from (link for links in by_name.values() for link in links)
            return
        yield from by_name.get(column[1], ())
        if self._way is Direction.UPSTREAM and column[1] != WHOLE:
            yield from by_name.get(WHOLE, ())


_KINDS = ("DIRECT", "", "INDIRECT")  # what a way is, by its worst link
_WORST = len(_KINDS)


def _rank(kind: str) -> int:
    word = kind.partition(" ")[0]
    return _KINDS.index(word) if word in _KINDS else 1
