"""Walks along events, and across what is the same: breadth first, each node once, never path by path.

The first statement tries to take all hops at once, which both engines do in time linear in what is
reached; both ways only where the store is not much larger than what fits, for neither engine stops at
the limit. Where that is more than fits, single hops decide which nodes are nearest. From few nodes the
hops of a statement double, so a chain of a thousand hops takes a dozen statements. From many they do
not: the engines walk from each node of a statement anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from lineage_graph.catalog.compose import FLOW, SAME
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Event, Kind, Ref, Subgraph
from lineage_graph.store.reading import get
from lineage_graph.store.rows import event_of
from lineage_graph.store.session import Transaction
from lineage_graph.store.values import Direction, StopAt, Walk

_MOST_HOPS_AT_ONCE = 10_000_000
_MAX_STARTS_FOR_MANY_HOPS = 8  # nodes from which several hops at once are worth it
_LARGER = 4  # times what fits, up to which a store is taken whole and the rest of it thrown away
_WALKED = (Kind.ARTIFACT, Kind.EXECUTION)
_NOWHERE = StopAt()


def walk(
    transaction: Transaction,
    start: Sequence[Ref],
    direction: Direction,
    hops: int | None,
    stop_at: StopAt | None,
    node_limit: int,
    contexts: bool,
) -> Walk:
    """Return what can be reached from the start, nearest first, up to the limits.

    A hop is one event, or from an artifact to one that is the same. Going both ways changes direction at no node's cost: it is the walk along
    events whichever way they point.

    Raises:
        InvalidArgument: a limit out of range, or a start that is a context.
        NotFound: a start that does not exist.
    """
    _check(transaction, start, hops, node_limit)
    walker = _Walker(transaction, direction, stop_at or _NOWHERE, node_limit)
    if not walker.take(list(dict.fromkeys(start)), hops):
        walker.go(dict.fromkeys(start), hops)
    return walker.result(tuple(dict.fromkeys(start)), hops, contexts)


def count(
    transaction: Transaction,
    start: Sequence[Ref],
    direction: Direction,
    hops: int | None,
    stop_at: StopAt | None,
    node_limit: int,
) -> int:
    """Return how many nodes a walk would show, the start among them; ``node_limit`` at most.

    Raises:
        InvalidArgument, NotFound: as ``walk``.
    """
    _check(transaction, start, hops, node_limit)
    walker = _Walker(transaction, direction, stop_at or _NOWHERE, node_limit)
    walker.go(dict.fromkeys(start), hops)
    return walker.size


def _check(
    transaction: Transaction, start: Sequence[Ref], hops: int | None, node_limit: int
) -> None:
    if hops is not None and hops < 0:
        raise InvalidArgument(f"A walk of {hops} hops goes nowhere.", hint="Take 0 or more.")
    if node_limit < 1:
        raise InvalidArgument("A walk shows at least one node.", hint="Take a limit of 1 or more.")
    for ref in start:
        if ref.kind is Kind.CONTEXT:
            raise InvalidArgument(
                f"{ref} has no events to walk along.",
                hint="Walk from its executions or artifacts instead.",
            )
    get.check_nodes(transaction, start)


class _Walker:
    def __init__(
        self, transaction: Transaction, direction: Direction, stop_at: StopAt, node_limit: int
    ) -> None:
        self._transaction = transaction
        self._ways = (
            (Direction.UPSTREAM, Direction.DOWNSTREAM)
            if direction is Direction.BOTH
            else (direction,)
        )
        self._direction = direction
        self._stop_at = stop_at
        self._limit = node_limit
        self._reached: dict[Ref, None] = {}
        self._events: list[Event] | None = None
        self._same = True  # whether any may be the same
        self._full = False

    @property
    def size(self) -> int:
        """How many nodes were reached."""
        return len(self._reached)

    def go(self, start: dict[Ref, None], hops: int | None) -> None:
        """Fill ``_reached`` with all nodes within the hops and the limit."""
        self._reached = dict(start)
        single = bool(self._stop_at.types or self._stop_at.refs) or len(self._ways) == 2
        frontier, gone, stride = list(start), 0, _MOST_HOPS_AT_ONCE
        while frontier and not self._full and (hops is None or gone < hops):
            stride = (
                1
                if single or len(frontier) > _MAX_STARTS_FOR_MANY_HOPS
                else min(stride, _MOST_HOPS_AT_ONCE)
            )
            if hops is not None:
                stride = min(stride, hops - gone)
            frontier = self._without_stops(frontier)
            found = self._step(frontier, stride)
            if found is None:  # more than fits: nearest first
                stride = 1
                continue
            gone += stride
            fresh = [ref for ref in found if ref not in self._reached]
            room = self._limit - len(self._reached)
            self._full = len(fresh) > room
            self._reached.update(dict.fromkeys(sorted(fresh)[:room]))
            if len(found) < stride:  # a node farther away would have so many before it
                break
            frontier, stride = fresh, stride * 2

    def take(self, start: Sequence[Ref], hops: int | None) -> bool:
        """Take all nodes within the hops, and the events among them, in one statement.

        Says whether it could: nothing stops the walk, it is worth it, and everything fits.
        """
        kinds = {ref.kind for ref in start}
        few = (
            0 < len(start) <= _MAX_STARTS_FOR_MANY_HOPS
            and len(kinds) == 1
            and (hops is None or hops > 1)
        )
        if not few or self._stop_at.types or self._stop_at.refs or not self._most_fits():
            return False
        name = "once" if self._direction is Direction.BOTH else self._direction.value
        found = self._transaction.value(
            f"lineage_{name}",
            {"ids": [ref.id for ref in start], "limit": self._limit + 1},
            kind=kinds.pop(),
            links=FLOW,
            hops=_MOST_HOPS_AT_ONCE if hops is None else hops,
        )
        if len(found) > self._limit:
            return False
        artifacts = {one for is_artifact, one, *_ in found if is_artifact}
        executions = {one for is_artifact, one, *_ in found if not is_artifact}
        self._reached = dict.fromkeys(Ref(Kind.ARTIFACT, one) for one in sorted(artifacts))
        self._reached |= dict.fromkeys(Ref(Kind.EXECUTION, one) for one in sorted(executions))
        self._events = [
            event_of(*((near, far) if is_artifact else (far, near)), link, *said)
            for is_artifact, near, *sides in found
            for far, link, *said in chain.from_iterable(sides[:2])
            if link != SAME and far in (executions if is_artifact else artifacts)
        ]
        self._same = any(
            link == SAME for _, _, *sides in found for _, link, *_ in chain.from_iterable(sides[:2])
        )
        return True

    def _most_fits(self) -> bool:
        """Say whether a walk both ways is likely to fit."""
        if self._direction is not Direction.BOTH:
            return True
        counts = (self._transaction.value("count_nodes", kind=kind) for kind in _WALKED)
        return int(sum(counts)) <= _LARGER * self._limit

    def _step(self, frontier: list[Ref], hops: int) -> list[Ref] | None:
        """Return what lies within some hops; None where more than one hop finds too much."""
        limit = self._limit + len(frontier) + 1
        found: dict[Ref, None] = {}
        for way in self._ways:
            for kind, ids in _ids(frontier):
                values = {"ids": ids, "limit": limit}
                holes: dict[str, object] = {"kind": kind, "links": FLOW, "hops": hops}
                reached = self._transaction.value(f"reach_{way.value}", values, **holes)
                if hops > 1 and len(reached) == limit:
                    return None
                for is_artifact, node_id in reached:
                    found[Ref(Kind.ARTIFACT if is_artifact else Kind.EXECUTION, node_id)] = None
        if hops > 1 and len(found.keys() - self._reached.keys()) > self._limit - len(self._reached):
            return None
        return list(found)

    def _without_stops(self, frontier: list[Ref]) -> list[Ref]:
        stops = set(self._stop_at.refs)
        if self._stop_at.types:
            for kind, ids in _ids(frontier):
                for node in get.nodes_by_id(self._transaction, kind, ids):
                    if node.type in self._stop_at.types:
                        stops.add(node.ref)
        return [ref for ref in frontier if ref not in stops]

    def result(self, start: tuple[Ref, ...], hops: int | None, contexts: bool) -> Walk:
        """Read the nodes and links, number the nodes by distance, and say what was cut."""
        graph = get.links_among(self._transaction, self._reached, self._events, self._same)
        if contexts:
            graph = self._with_contexts(graph)
        depth = _depths(start, graph, self._ways)
        truncated = self._full
        reason = "nodes" if self._full else ""
        if not truncated and hops is not None and self._goes_on(depth, hops):
            truncated, reason = True, "hops"
        return Walk(start, graph, depth, truncated, reason)  # type: ignore[arg-type]

    def _goes_on(self, depth: dict[Ref, int], hops: int) -> bool:
        """Say whether anything lies one hop beyond the last."""
        edge = self._without_stops([ref for ref, distance in depth.items() if distance == hops])
        if not edge:
            return False
        return any(ref not in self._reached for ref in self._step(edge, 1) or ())

    def _with_contexts(self, graph: Subgraph) -> Subgraph:
        ids: set[int] = set()
        for kind, link in ((Kind.ARTIFACT, "ATTRIBUTED_TO"), (Kind.EXECUTION, "ASSOCIATED_WITH")):
            nodes = [node.id or 0 for node in graph.nodes_of(kind)]
            holes: dict[str, Any] = {"source": kind, "target": Kind.CONTEXT, "links": link}
            links = self._transaction.gathered("links_from", "ids", nodes, **holes)
            ids |= {target for _, target, *_ in links}
        refs = [*self._reached, *(Ref(Kind.CONTEXT, context) for context in ids)]
        return get.links_among(self._transaction, refs, graph.events, bool(graph.same_as))


def _ids(refs: Iterable[Ref]) -> list[tuple[Kind, list[int]]]:
    groups: dict[Kind, list[int]] = {Kind.ARTIFACT: [], Kind.EXECUTION: []}
    for ref in refs:
        groups[ref.kind].append(ref.id)
    return [(kind, ids) for kind, ids in groups.items() if ids]


def _depths(start: Iterable[Ref], graph: Subgraph, ways: tuple[Direction, ...]) -> dict[Ref, int]:
    """Return each node's distance from the start, breadth first along the links that were read."""
    next_to: dict[Ref, list[Ref]] = {}
    for link in graph.same_as:
        one, other = Ref(Kind.ARTIFACT, link.artifact_id), Ref(Kind.ARTIFACT, link.other_id)
        next_to.setdefault(one, []).append(other)
        next_to.setdefault(other, []).append(one)
    for event in graph.events:
        artifact = Ref(Kind.ARTIFACT, event.artifact_id)
        execution = Ref(Kind.EXECUTION, event.execution_id)
        source, target = (artifact, execution) if event.type.is_input else (execution, artifact)
        if Direction.DOWNSTREAM in ways:
            next_to.setdefault(source, []).append(target)
        if Direction.UPSTREAM in ways:
            next_to.setdefault(target, []).append(source)
    depth = dict.fromkeys(start, 0)
    frontier = list(depth)
    while frontier:
        following = []
        for ref in frontier:
            for neighbour in next_to.get(ref, ()):
                if neighbour not in depth:
                    depth[neighbour] = depth[ref] + 1
                    following.append(neighbour)
        frontier = following
    return depth
