"""Lineage as ML Metadata asks for it: from and up to what filters say, never path by path.

From a few nodes one statement takes all hops at once. Endings are known by what a filter says of each
node, so a lineage that has some goes level by level; so does one from many nodes, for the engines walk
from each of them anew, and one that reaches more than a statement should answer.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from lineage_graph.catalog.compose import EVENTS
from lineage_graph.errors import NotFound
from lineage_graph.model import Kind
from lineage_graph.store.reading import get
from lineage_graph.store.reading.find import find, matching
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Direction, Ending, Find, Lineage, LineageEvent, Pair

MOST_STARTS = 100
_MAX_STARTS_FOR_ALL_HOPS = 8  # nodes from which all hops at once are worth it
_MOST_AT_ONCE = 5000  # nodes gone from in one statement
_event_order = itemgetter(0, 1, 2)
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
) -> Lineage:
    """Return what is within some hops of the first 100 nodes of a kind that a filter finds.

    ``parts`` names the fields of the lineage that are wanted; the others are empty.

    Raises:
        NotFound: nothing meets the filter.
        InvalidArgument: a filter cannot be understood.
    """
    starts = find(
        transaction, Find(kind=kind, where=where, limit=MOST_STARTS, counted=False, strict=True)
    ).nodes
    if not starts:
        raise NotFound(f"No {kind.value} to start from meets the filter.")
    ids = [node.id or 0 for node in starts]
    reach: _Reach | None = None
    if hops > 1 and len(ids) <= _MAX_STARTS_FOR_ALL_HOPS and not endings:
        reach = _at_once(transaction, kind, ids, direction, hops)
    if reach is None:
        reach = _by_levels(transaction, kind, ids, direction, hops, endings)
    return _result(transaction, reach, parts)


class _Reach:
    """What was reached of each kind, along which events, and the contexts as far as they are known."""

    def __init__(self) -> None:
        self.ids: dict[Kind, set[int]] = {Kind.ARTIFACT: set(), Kind.EXECUTION: set()}
        self.contexts: dict[Kind, dict[int, list[int]]] = {Kind.ARTIFACT: {}, Kind.EXECUTION: {}}
        self.events: list[LineageEvent] = []


def _at_once(
    transaction: Transaction, kind: Kind, ids: Sequence[int], direction: Direction, hops: int
) -> _Reach | None:
    """Take all hops in one statement; None where that is too much.

    It goes one hop less: the events of what it reaches lead to what is a hop farther away.
    """
    found = transaction.value(
        f"lineage_{direction.value}",
        {"ids": ids, "limit": _MOST_AT_ONCE + 1},
        kind=kind,
        links=EVENTS,
        hops=hops - 1,
    )
    if len(found) > _MOST_AT_ONCE:
        return None
    reach = _Reach()
    artifacts, executions = reach.contexts[Kind.ARTIFACT], reach.contexts[Kind.EXECUTION]
    for is_artifact, near, _, _, contexts in found:
        (artifacts if is_artifact else executions)[near] = contexts
    reach.ids = {Kind.ARTIFACT: set(artifacts), Kind.EXECUTION: set(executions)}
    for is_artifact, near, incoming, outgoing, _ in found:
        far_kind, gone = (Kind.EXECUTION, executions) if is_artifact else (Kind.ARTIFACT, artifacts)
        if direction is Direction.BOTH:  # an event between two of them is told by its beginning
            incoming = [event for event in incoming if event[0] not in gone]
        reached = reach.ids[far_kind]
        for far, link, when, path, _ in incoming + outgoing:
            reached.add(far)
            ends = (far, near) if is_artifact else (near, far)
            reach.events.append((*ends, link, when, path))
    return reach


def _by_levels(
    transaction: Transaction,
    kind: Kind,
    ids: Sequence[int],
    direction: Direction,
    hops: int,
    endings: Mapping[Kind, Ending],
) -> _Reach:
    walk = _Levels(transaction, direction, endings)
    frontier = walk.enter(kind, ids)
    for _ in range(hops):
        if not frontier:
            break
        frontier = walk.step(kind, frontier)
        kind = _OTHER[kind]
    walk.reach.events = list(walk.events.values())
    return walk.reach


class _Levels:
    """A walk in progress, level by level."""

    def __init__(
        self, transaction: Transaction, direction: Direction, endings: Mapping[Kind, Ending]
    ) -> None:
        self._transaction = transaction
        self._direction = direction
        self._endings = endings
        self._left_out: dict[Kind, set[int]] = {Kind.ARTIFACT: set(), Kind.EXECUTION: set()}
        self.reach = _Reach()
        self.events: dict[tuple[int, int, str], LineageEvent] = {}

    def enter(self, kind: Kind, ids: Iterable[int]) -> list[int]:
        """Take in nodes, but for the endings that are to be left out; return from which to go on."""
        seen, left_out = self.reach.ids[kind], self._left_out[kind]
        fresh = [i for i in dict.fromkeys(ids) if i not in seen and i not in left_out]
        ending = self._endings.get(kind)
        ends: set[int] = set()
        if ending and fresh:
            ends = matching(self._transaction, kind, fresh, ending.where, strict=True)
        if ending and not ending.included:
            left_out |= ends
            fresh = [i for i in fresh if i not in ends]
        seen.update(fresh)
        return [i for i in fresh if i not in ends]

    def step(self, kind: Kind, frontier: list[int]) -> list[int]:
        """Go one hop from nodes of a kind; return the nodes of the other kind to go on from."""
        other = _OTHER[kind]
        found: list[
            tuple[int, int, str, dict[str, Any]]
        ] = []  # near end, far end, type, properties
        if self._direction is not Direction.DOWNSTREAM:
            incoming = self._links("links_to", frontier, other, kind)
            found += [(target, source, link, row) for source, target, link, row in incoming]
        if self._direction is not Direction.UPSTREAM:
            found += self._links("links_from", frontier, kind, other)
        following = self.enter(other, (far for _, far, *_ in found))
        left_out = self._left_out[other]
        for near, far, link, row in found:
            if far not in left_out:
                artifact, execution = (near, far) if kind is Kind.ARTIFACT else (far, near)
                when, path = row.get("milliseconds_since_epoch"), row.get("path")
                self.events[execution, artifact, link] = (execution, artifact, link, when, path)
        return following

    def _links(self, query: str, ids: list[int], source: Kind, target: Kind) -> list[Any]:
        return self._transaction.gathered(
            query, "ids", ids, source=source, target=target, links=EVENTS
        )


def _result(transaction: Transaction, reach: _Reach, parts: Collection[str]) -> Lineage:
    """Read what else is wanted, and return it all."""
    fields: dict[str, Any] = {"events": tuple(sorted(reach.events, key=_event_order))}
    around: set[int] = set()
    for kind, links in _MEMBERSHIPS.items():
        fields[f"{kind.value}s"] = tuple(sorted(reach.ids[kind]))
        if {links, "contexts"} & set(parts):
            fields[links] = _memberships(transaction, kind, reach)
            around.update(context for _, context in fields[links])
    fields["contexts"] = tuple(sorted(around))
    if any(f"{kind.value}_types" in parts for kind in Kind):
        for kind, types in get.types_by_kind(transaction, system=True).items():
            fields[f"{kind.value}_types"] = tuple(types)
    return Lineage(**{name: value for name, value in fields.items() if name in parts})


def _memberships(transaction: Transaction, kind: Kind, reach: _Reach) -> tuple[Pair, ...]:
    known = reach.contexts[kind]
    pairs = [(node, context) for node, contexts in known.items() for context in contexts]
    if unknown := sorted(reach.ids[kind] - known.keys()):
        pairs += get.membership_pairs(transaction, kind, unknown)
    return tuple(sorted(pairs))
