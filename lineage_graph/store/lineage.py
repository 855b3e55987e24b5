"""Lineage as ML Metadata asks for it: from and up to what filters say, level by level, never by paths."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from lineage_graph.catalog.compose import EVENTS
from lineage_graph.errors import NotFound
from lineage_graph.model import Kind, Link, Subgraph
from lineage_graph.store import get
from lineage_graph.store.find import find, matching
from lineage_graph.store.rows import NODE_CLASSES, Row, event_from_row
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Direction, Ending, Find

MOST_STARTS = 100
_Key = tuple[int, int, str]
_OTHER = {Kind.ARTIFACT: Kind.EXECUTION, Kind.EXECUTION: Kind.ARTIFACT}
_MEMBERSHIPS = {Kind.ARTIFACT: "attributions", Kind.EXECUTION: "associations"}


def lineage(
    transaction: Transaction,
    kind: Kind,
    where: str,
    direction: Direction,
    hops: int,
    endings: Mapping[Kind, Ending],
    parts: Collection[str],
) -> Subgraph:
    """Return what is within some hops of the first 100 nodes of a kind that a filter finds.

    Its nodes hold their ids only. ``parts`` names the fields of the subgraph that are wanted.

    Raises:
        NotFound: nothing meets the filter.
        InvalidArgument: a filter cannot be understood.
    """
    walk = _Levels(transaction, direction, endings)
    starts = find(
        transaction, Find(kind=kind, where=where, limit=MOST_STARTS, counted=False, strict=True)
    ).nodes
    if not starts:
        raise NotFound(f"No {kind.value} to start from meets the filter.")
    frontier = walk.reach(kind, [node.id or 0 for node in starts])
    for _ in range(hops):
        if not frontier:
            break
        frontier = walk.step(kind, frontier)
        kind = _OTHER[kind]
    return walk.result(parts)


class _Levels:
    """A walk in progress: what was reached of each kind, and the events along which."""

    def __init__(
        self, transaction: Transaction, direction: Direction, endings: Mapping[Kind, Ending]
    ) -> None:
        self._transaction = transaction
        self._direction = direction
        self._endings = endings
        self._reached: dict[Kind, dict[int, None]] = {Kind.ARTIFACT: {}, Kind.EXECUTION: {}}
        self._left_out: dict[Kind, set[int]] = {Kind.ARTIFACT: set(), Kind.EXECUTION: set()}
        self._events: dict[_Key, Row] = {}

    def reach(self, kind: Kind, ids: Iterable[int]) -> list[int]:
        """Take in nodes, but for the endings that are to be left out; return from which to go on."""
        seen, left_out = self._reached[kind], self._left_out[kind]
        fresh = [i for i in dict.fromkeys(ids) if i not in seen and i not in left_out]
        ending = self._endings.get(kind)
        ends: set[int] = set()
        if ending and fresh:
            ends = matching(self._transaction, kind, fresh, ending.where, strict=True)
        if ending and not ending.included:
            left_out |= ends
            fresh = [i for i in fresh if i not in ends]
        seen.update(dict.fromkeys(fresh))
        return [i for i in fresh if i not in ends]

    def step(self, kind: Kind, frontier: list[int]) -> list[int]:
        """Go one hop from nodes of a kind; return the nodes of the other kind to go on from."""
        other = _OTHER[kind]
        found: dict[_Key, tuple[int, Row]] = {}
        if self._direction is not Direction.DOWNSTREAM:
            for source, target, link, row in self._links("links_to", frontier, other, kind):
                found[_key(kind, target, source, link)] = (source, row)
        if self._direction is not Direction.UPSTREAM:
            for source, target, link, row in self._links("links_from", frontier, kind, other):
                found[_key(kind, source, target, link)] = (target, row)
        following = self.reach(other, (far for far, _ in found.values()))
        left_out = self._left_out[other]
        self._events.update((key, row) for key, (far, row) in found.items() if far not in left_out)
        return following

    def _links(self, query: str, ids: list[int], source: Kind, target: Kind) -> list[Any]:
        return self._transaction.gathered(
            query, "ids", ids, source=source, target=target, links=EVENTS
        )

    def result(self, parts: Collection[str]) -> Subgraph:
        """Read what else is wanted, and return it all."""
        fields: dict[str, Any] = {
            "events": tuple(
                event_from_row(artifact, execution, link, self._events[execution, artifact, link])
                for execution, artifact, link in sorted(self._events)
            )
        }
        contexts: set[int] = set()
        for kind, links in _MEMBERSHIPS.items():
            ids = sorted(self._reached[kind])
            fields[f"{kind.value}s"] = _skeletons(kind, ids)
            if {links, "contexts"} & set(parts):
                found: tuple[Link, ...] = get.memberships(self._transaction, kind, ids)
                fields[links] = found
                contexts |= {getattr(link, "context_id") for link in found}  # noqa: B009
        fields["contexts"] = _skeletons(Kind.CONTEXT, sorted(contexts))
        for kind in Kind:
            if (name := f"{kind.value}_types") in parts:
                fields[name] = tuple(get.all_types(self._transaction, kind, system=True))
        return Subgraph.trusted(**{name: fields[name] for name in fields if name in parts})


def _skeletons(kind: Kind, ids: Iterable[int]) -> tuple[Any, ...]:
    return tuple(NODE_CLASSES[kind].built(id=node_id) for node_id in ids)


def _key(near: Kind, near_id: int, far_id: int, link: str) -> _Key:
    """Return what tells an event from others: its execution, its artifact, its type."""
    return (far_id, near_id, link) if near is Kind.ARTIFACT else (near_id, far_id, link)
