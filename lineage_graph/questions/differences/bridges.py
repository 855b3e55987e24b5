"""Bridges: what lies behind steps that only one of two ancestries has, or that have another name.

Where two artifacts stand at one place and their makers are of different steps, what lies behind is
looked for: executions of one step (type and name) upstream of both, and things from outside of one
content, address or type. The nearest are counterparts. Between them and the two artifacts lie the
steps that were added, removed, or renamed: a removed and an added one whose inputs and outputs have
much in common are one step under two names.

All rules are symmetric: to swap the two sides mirrors the bridge.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Sequence, Set
from typing import NamedTuple

from lineage_graph.model import Artifact, Kind, Ref
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.facts import content

MAX_COMPARED = 400  # pairs of steps that are compared to find those that were renamed
_FIRST_LOOK = 4  # events away; further where nothing is found there
_MIN_ALIKE = 1.0  # of 2.0, which is: all inputs and all outputs have the same roles


class Behind(NamedTuple):
    """Two nodes that are counterparts, and how many events they are away."""

    one: Ref
    other: Ref
    hops: int


class Bridge(NamedTuple):
    """Counterparts behind two artifacts, steps under two names, and steps that only one side has."""

    behind: tuple[Behind, ...]
    renamed: tuple[Behind, ...]
    missing: tuple[Ref, ...]
    added: tuple[Ref, ...]


class AncestrySide:
    """What is upstream of an artifact on one side and not of both, with how many events away it is.

    Upstream by way of these ``makers``; an artifact that nothing made is upstream of itself. It is
    looked at level by level, as far as ``reach`` was asked to.
    """

    def __init__(
        self, ancestry: Ancestry, start: Ref, makers: Collection[Ref], shared: Set[Ref]
    ) -> None:
        self._ancestry = ancestry
        self._shared = shared
        self.makers = makers
        self._level = [ref for ref in makers if ref not in shared]
        self._depth = 1
        if not self._level and not ancestry.above(start):
            self._level, self._depth = [start], 0
        self.distance = dict.fromkeys(self._level, self._depth)

    @property
    def complete(self) -> bool:
        """True where there is nothing further away."""
        return not self._level

    def reach(self, depth: int) -> None:
        """Look at all that is at most so many events away."""
        while self._level and self._depth < depth:
            self._depth += 1
            following = {
                slot.ref: self._depth
                for ref in self._level
                for slot in self._ancestry.above(ref)
                if slot.ref not in self.distance and slot.ref not in self._shared
            }
            self.distance |= following
            self._level = list(following)

    @property
    def executions(self) -> list[Ref]:
        """The executions, nearest first."""
        return self._nearest(ref for ref in self.distance if ref.kind is Kind.EXECUTION)

    def sources(self, behind: Set[Ref]) -> list[Ref]:
        """The artifacts that nothing made, but for these, nearest first."""
        return self._nearest(
            ref
            for ref in self.distance
            if ref.kind is Kind.ARTIFACT and ref not in behind and not self._ancestry.above(ref)
        )

    def behind(self, refs: Iterable[Ref]) -> set[Ref]:
        """Nodes and what is upstream of them, as far as it was looked at."""
        reached: set[Ref] = set()
        waiting = list(refs)
        while waiting:
            ref = waiting.pop()
            if ref not in reached and ref in self.distance:
                reached.add(ref)
                waiting += (slot.ref for slot in self._ancestry.above(ref))
        return reached

    def between(self, found: Sequence[Ref]) -> list[Ref]:
        """The executions that are not behind these, and nearer than the farthest of them."""
        behind = self.behind(found)
        farthest = max((self.distance[ref] for ref in found), default=0)
        return [
            ref
            for ref in self.executions
            if ref not in behind and (self.complete or self.distance[ref] < farthest)
        ]

    def _nearest(self, refs: Iterable[Ref]) -> list[Ref]:
        return sorted(refs, key=lambda ref: (self.distance[ref], ref))


def bridge(ancestry: Ancestry, one: AncestrySide, other: AncestrySide) -> Bridge | None:
    """Return what lies behind two artifacts whose makers are no counterparts; None where nothing is alike."""
    found = _nearest_found(ancestry, one, other)
    missing = one.between([pair[0] for pair in found])
    added = other.between([pair[1] for pair in found])
    if not found:  # then only what made the two themselves can have been renamed
        missing = [ref for ref in one.executions if ref in one.makers]
        added = [ref for ref in other.executions if ref in other.makers]
    renamed = tuple(
        Behind(a, b, min(one.distance[a], other.distance[b]))
        for a, b in renamed_steps(ancestry, missing, added)
    )
    if not found and not renamed:
        return None
    named = {ref for pair in renamed for ref in pair[:2]}
    return Bridge(
        tuple(Behind(a, b, min(one.distance[a], other.distance[b])) for a, b in found),
        renamed,
        tuple(ref for ref in missing if ref not in named),
        tuple(ref for ref in added if ref not in named),
    )


def _nearest_found(
    ancestry: Ancestry, one: AncestrySide, other: AncestrySide
) -> list[tuple[Ref, Ref]]:
    """Return what is found on both sides, looking as far as it takes to find anything, and twice as far."""
    depth = _FIRST_LOOK
    while True:
        one.reach(depth)
        other.reach(depth)
        found = _found(ancestry, one, other)
        if found or (one.complete and other.complete):
            break
        depth *= 2
    if found and not (one.complete and other.complete):
        one.reach(2 * depth)
        other.reach(2 * depth)
        found = _found(ancestry, one, other)
    return found


def _found(ancestry: Ancestry, one: AncestrySide, other: AncestrySide) -> list[tuple[Ref, Ref]]:
    steps = list(_same_steps(ancestry, one, other))
    behind = one.behind(a for a, _ in steps), other.behind(b for _, b in steps)
    return steps + _same_sources(ancestry, one, other, behind)


def renamed_steps(
    ancestry: Ancestry, one: Sequence[Ref], other: Sequence[Ref]
) -> Iterator[tuple[Ref, Ref]]:
    """Yield the executions that are one step under two names: most of their roles are the same."""
    if len(one) * len(other) > MAX_COMPARED:
        return
    pairs = [
        (alike, a, b) for a in one for b in other if (alike := _alike(ancestry, a, b)) >= _MIN_ALIKE
    ]
    taken: set[Ref] = set()
    for _, a, b in sorted(pairs, key=lambda pair: (-pair[0], sorted(pair[1:]))):
        if a not in taken and b not in taken:
            taken |= {a, b}
            yield a, b


def step_key(ancestry: Ancestry, execution: Ref) -> Hashable:
    """Return what tells the step of an execution from other steps: its type and its name."""
    return ancestry.nodes[execution].type, ancestry.step(execution)


def _same_steps(
    ancestry: Ancestry, one: AncestrySide, other: AncestrySide
) -> Iterator[tuple[Ref, Ref]]:
    """Yield the nearest executions of one step on both sides, none of them behind another."""

    def key(ref: Ref) -> Hashable:
        return step_key(ancestry, ref)

    pairs = sorted(
        _by_key(one.executions, other.executions, key),
        key=lambda pair: (one.distance[pair[0]] + other.distance[pair[1]], sorted(pair)),
    )
    behind: tuple[set[Ref], set[Ref]] = (set(), set())
    for a, b in pairs:
        if a not in behind[0] and b not in behind[1]:
            yield a, b
            behind[0].update(one.behind([a]))
            behind[1].update(other.behind([b]))


def _same_sources(
    ancestry: Ancestry, one: AncestrySide, other: AncestrySide, behind: tuple[Set[Ref], Set[Ref]]
) -> list[tuple[Ref, Ref]]:
    """Return what came from outside on both sides: by content, by address, then by type."""

    def proven(ref: Ref) -> Hashable | None:
        known = content(ancestry.nodes[ref])
        return tuple(sorted((k, str(v)) for k, v in known.items())) or None

    def address(ref: Ref) -> Hashable | None:
        node = ancestry.nodes[ref]
        return (node.uri or None) if isinstance(node, Artifact) else None

    def type_(ref: Ref) -> Hashable | None:
        return ancestry.nodes[ref].type

    found: list[tuple[Ref, Ref]] = []
    left, right = one.sources(behind[0]), other.sources(behind[1])
    for key in (proven, address, type_):
        pairs = list(_by_key(left, right, key))
        found += pairs
        taken = {ref for pair in pairs for ref in pair}
        left = [ref for ref in left if ref not in taken]
        right = [ref for ref in right if ref not in taken]
    return found


def _by_key(
    one: Iterable[Ref], other: Iterable[Ref], key: Callable[[Ref], Hashable | None]
) -> Iterator[tuple[Ref, Ref]]:
    """Yield those of one key, in their order."""
    waiting: dict[Hashable, deque[Ref]] = defaultdict(deque)
    for ref in other:
        waiting[key(ref)].append(ref)
    for ref in one:
        if (name := key(ref)) is not None and waiting.get(name):
            yield ref, waiting[name].popleft()


def _alike(ancestry: Ancestry, one: Ref, other: Ref) -> float:
    """Say how much two steps have in common: of their inputs and of their outputs, from 0 to 2."""
    inputs = [{slot.role for slot in ancestry.above(ref)} for ref in (one, other)]
    outputs = [{slot.role for slot in ancestry.outputs(ref)} for ref in (one, other)]
    shares = [_share(*inputs), _share(*outputs)]
    return sum(shares) if all(shares) else 0.0


def _share(one: Set[str], other: Set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 1.0
