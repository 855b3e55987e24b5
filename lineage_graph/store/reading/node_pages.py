"""What is around a node, a page at a time: what a page shows of a node that may have very many neighbours.

No statement here does more for a node of 30,000 readers than for one of ten, but that which counts them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, cast

from lineage_graph.catalog.compose import EVENTS
from lineage_graph.model import (
    Artifact,
    ColumnLineage,
    Context,
    Degree,
    Event,
    Execution,
    Kind,
    Ref,
)
from lineage_graph.store.reading import find, get, neighbours, recent_changes, walk
from lineage_graph.store.reading.neighbours import NeighbourPage, NeighbourQuery
from lineage_graph.store.reading.recent_changes import Recent
from lineage_graph.store.rows import event_from_row, node_from_row
from lineage_graph.store.session import Sessions, Transaction
from lineage_graph.store.values import Census, Direction, Find, StopAt

EVENTS_SHOWN, CONTEXTS_SHOWN, COLUMNS_SHOWN = 200, 100, 100
SOURCES_SHOWN = 20
"""Artifacts from which a column was made, and columns of each, that are shown."""
_OTHER = {Kind.ARTIFACT: Kind.EXECUTION, Kind.EXECUTION: Kind.ARTIFACT}
_MEMBERSHIPS = {Kind.ARTIFACT: "ATTRIBUTED_TO", Kind.EXECUTION: "ASSOCIATED_WITH"}


@dataclass(frozen=True)
class Side:
    """A page of what is one event away from a node on one side, by id; each with those events.

    ``total`` is how many nodes there are on all pages; ``next`` is the number of the next page, None on
    the last one.
    """

    nodes: tuple[tuple[Artifact | Execution, tuple[Event, ...]], ...]
    total: int
    next: int | None


@dataclass(frozen=True)
class Around:
    """What is around an artifact or an execution, pages of each."""

    upstream: Side
    downstream: Side
    contexts: tuple[Context, ...]
    contexts_total: int
    contexts_next: int | None


@dataclass(frozen=True)
class Column:
    """A column of an artifact, and some of the columns of artifacts it was made from, of so many."""

    name: str
    sources: tuple[ColumnLineage, ...]
    total: int


@dataclass(frozen=True)
class ColumnsPage:
    """A page of the columns of an artifact that were made from others, by name."""

    columns: tuple[Column, ...]
    total: int
    next: int | None


class NodePages:
    """What is around a node, page by page, and figures for pages: ``store.pages``."""

    def __init__(self, sessions: Sessions, link_counts: str) -> None:
        self._link_counts = link_counts
        self._sessions = sessions

    def around(
        self, ref: Ref, *, upstream: int = 1, downstream: int = 1, contexts: int = 1
    ) -> Around:
        """Return pages of what is around an artifact or an execution; the first of each has the number 1."""

        def work(transaction: Transaction) -> Around:
            before = _side(transaction, ref, Direction.UPSTREAM, upstream)
            after = _side(transaction, ref, Direction.DOWNSTREAM, downstream)
            return Around(before, after, *_contexts(transaction, ref, contexts))

        return self._sessions.read(work)

    def columns(self, artifact: int, page: int = 1, text: str = "") -> ColumnsPage:
        """Return a page of the columns of an artifact that were made from others, those that hold a text."""

        def work(transaction: Transaction) -> ColumnsPage:
            skip = (page - 1) * COLUMNS_SHOWN
            values: dict[str, Any] = {"id": artifact, "text": text.strip().lower()}
            within = {**values, "skip": skip, "limit": COLUMNS_SHOWN}
            total, names = transaction.run("column_names", within)[0]
            rows = transaction.run(
                "column_sources", {"id": artifact, "names": names, "limit": SOURCES_SHOWN}
            )
            columns = [_column(artifact, *row) for row in rows]
            following = page + 1 if skip + len(names) < total else None
            return ColumnsPage(
                tuple(sorted(columns, key=lambda column: column.name)), total, following
            )

        return self._sessions.read(work)

    def total(self, wanted: Find) -> int:
        """Return how many nodes meet every condition; none of them is read."""
        return self._sessions.read(lambda t: find.total(t, wanted))

    def matching(self, kind: Kind, ids: Iterable[int], where: str) -> set[int]:
        """Return which nodes of these ids meet a filter (InvalidArgument where it is none)."""
        return self._sessions.read(lambda t: find.matching(t, kind, ids, where))

    def census(self) -> Census:
        """Return how many nodes there are of each kind and type, without reading any."""
        return self._sessions.read(get.census)

    def link_counts(self) -> dict[str, int]:
        """Return how many links there are of each type that the engine counts, without reading any."""
        found: dict[str, int] = self._sessions.read(lambda t: t.value(self._link_counts)) or {}
        return found

    def recent(self, since: int, limit: int = 500) -> Recent:
        """Return which nodes came or changed since a moment, at most ``limit`` of each kind."""
        return self._sessions.read(lambda t: recent_changes.recent(t, since, limit))

    def beside(self, wanted: NeighbourQuery) -> NeighbourPage:
        """Return a page of what is one event away from a node; NotFound where there is no such node."""
        return self._sessions.read(lambda t: neighbours.beside(t, wanted))

    def children_of(self, ids: Iterable[int]) -> dict[int, list[Context]]:
        """Return the contexts that are part of each context, where there are any."""
        return self._sessions.read(lambda t: get.children_of(t, ids))

    def degrees(self, refs: Iterable[Ref]) -> dict[Ref, Degree]:
        """Return how many nodes are one event away from each node, each way."""
        return self._sessions.read(lambda t: get.degrees(t, refs))

    def count_walk(
        self,
        start: Ref | Iterable[Ref],
        direction: Direction | str = Direction.BOTH,
        hops: int | None = None,
        *,
        stop_at: StopAt | None = None,
        node_limit: int = 100_000,
    ) -> int:
        """Return how many nodes a walk would show, the start among them; ``node_limit`` at most."""
        starts, way = [start] if isinstance(start, Ref) else list(start), Direction.of(direction)
        return self._sessions.read(lambda t: walk.count(t, starts, way, hops, stop_at, node_limit))


def _side(transaction: Transaction, ref: Ref, way: Direction, page: int) -> Side:
    skip = (page - 1) * EVENTS_SHOWN
    rows = transaction.run(
        f"events_{way.value}",
        {"id": ref.id, "skip": skip, "limit": EVENTS_SHOWN + 1},
        kind=ref.kind,
        links=EVENTS,
    )
    nodes: dict[int, Artifact | Execution] = {}
    events: dict[int, list[Event]] = {}
    for link, event, row in rows[:EVENTS_SHOWN]:
        other = row["id"]
        if other not in nodes:
            nodes[other] = cast("Artifact | Execution", node_from_row(_OTHER[ref.kind], row))
        is_artifact = ref.kind is Kind.ARTIFACT
        artifact, execution = (ref.id, other) if is_artifact else (other, ref.id)
        events.setdefault(other, []).append(event_from_row(artifact, execution, link, event))
    goes_on = len(rows) > EVENTS_SHOWN
    total = len(nodes)
    if skip or goes_on:
        total = transaction.value(f"count_{way.value}", {"id": ref.id}, kind=ref.kind, links=EVENTS)
    return Side(
        tuple((nodes[one], tuple(sorted(events[one], key=_type_of))) for one in sorted(nodes)),
        total,
        page + 1 if goes_on else None,
    )


def _type_of(event: Event) -> str:
    return event.type.value


def _contexts(
    transaction: Transaction, ref: Ref, page: int
) -> tuple[tuple[Context, ...], int, int | None]:
    skip = (page - 1) * CONTEXTS_SHOWN
    holes = {"kind": ref.kind, "link": _MEMBERSHIPS[ref.kind]}
    values = {"id": ref.id, "skip": skip, "limit": CONTEXTS_SHOWN + 1}
    rows = transaction.run("contexts_beside", values, **holes)
    found = [cast(Context, node_from_row(Kind.CONTEXT, row[0])) for row in rows[:CONTEXTS_SHOWN]]
    goes_on = len(rows) > CONTEXTS_SHOWN
    total = len(found)
    if skip or goes_on:
        total = transaction.value("count_contexts", {"id": ref.id}, **holes)
    found.sort(key=lambda context: context.id or 0)
    return tuple(found), total, page + 1 if goes_on else None


def _column(artifact: int, name: str, total: int, sources: Sequence[Any]) -> Column:
    links = [
        ColumnLineage.built(
            source_id=source,
            source_column=column,
            target_id=artifact,
            target_column=name,
            kind=kind or "",
        )
        for source, found in sources
        for column, kind in found
    ]
    links.sort(key=lambda link: (link.source_id, link.source_column, link.kind))
    return Column(name, tuple(links[:SOURCES_SHOWN]), total)
