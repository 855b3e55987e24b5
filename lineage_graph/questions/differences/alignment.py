"""Alignment: which node of one ancestry stands where which node of the other stands.

The alignment of two lists of starts is the smallest set of pairs such that

1. each start is paired with its counterpart among the other starts: the only one with the only one,
   else by type, step, turns of loops and order;
2. where two different nodes are paired and do not provably hold the same content, what they were
   made from is matched (below), and what matches is paired too.

Matched are the inputs of two executions, and the makers of two artifacts, each once, by the first
rule that fits:

- inputs: the same artifact under the same key; the same content (digests) under the same key; what
  was made in the same turn of a loop under the same key; the next under the same key, in the order of
  positions; the same artifact under another key;
- makers: the same execution; the same type and step; the same type.

**What continues something is not compared with it**: where two different artifacts stand at the same
place and one of them is upstream of the other, they stand there one instead of the other, and are not
paired. So the third model of a chain of warm starts is not compared with its own ancestors, level by
level, down to the first. What both were made from is found as itself wherever it stands at the same
place on both sides.

What is left over has no counterpart. All rules are symmetric: to swap the two sides mirrors the
alignment. A node may be in several pairs (one input where the other side has two). Pairs are visited
breadth first, each once, so the time is linear in pairs and their links, however many paths there are.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import cached_property
from typing import NamedTuple

from lineage_graph.model import Kind, Ref
from lineage_graph.questions.differences.ancestry import Ancestry, Slot
from lineage_graph.questions.differences.facts import content, same_content

MOST_PAIRS = 100_000
_MOST_VISITS = 1_000_000  # nodes looked at to tell what continues what; after that, all is said to


class Pair(NamedTuple):
    """A node of the one ancestry and its counterpart in the other."""

    one: Ref
    other: Ref


@dataclass(frozen=True)
class Link:
    """What stands at one place upstream of a pair, on each side; None where nothing does.

    ``aligned`` says whether the two are counterparts. ``moved``: they are the same, and stand at
    another position among their equals.
    """

    role: str
    one: Ref | None
    other: Ref | None
    aligned: bool
    other_role: str = ""
    moved: bool = False

    @property
    def pair(self) -> Pair | None:
        """The pair, where there is one."""
        if self.aligned and self.one is not None and self.other is not None:
            return Pair(self.one, self.other)
        return None


@dataclass(frozen=True)
class Alignment:
    """Pairs, nearest to the starts first, each with what stands upstream of it.

    ``ends`` match what the starts wrote, where that was asked for. ``toward`` leads from each pair
    one step nearer to the starts. ``above_one`` and ``above_other`` are the starts (and ends) of each
    side with everything upstream of them. ``complete`` is False where there were more pairs than
    ``MOST_PAIRS``.
    """

    ancestry: Ancestry
    starts: tuple[Link, ...]
    ends: tuple[Link, ...]
    links: dict[Pair, tuple[Link, ...]]
    toward: dict[Pair, Pair | None]
    distance: dict[Pair, int]
    above_one: frozenset[Ref]
    above_other: frozenset[Ref]
    complete: bool

    @cached_property
    def shared(self) -> frozenset[Ref]:
        """The nodes that are upstream of both."""
        return self.above_one & self.above_other


def align(
    ancestry: Ancestry, one: Sequence[Ref], other: Sequence[Ref], *, with_outputs: bool = False
) -> Alignment:
    """Align what two nodes (or two lists of nodes, such as the steps of two runs) were made from.

    ``with_outputs`` also aligns what starts that are executions wrote, by key. A start that came from
    the cache is paired as it stands in its own run; what it is then compared by is the one that made
    what it handed on.
    """
    above = [
        frozenset(ancestry.upstream([*refs, *_written(ancestry, refs)] if with_outputs else refs))
        for refs in (list(map(ancestry.origin, refs)) for refs in (one, other))
    ]
    matcher = _Matcher(ancestry, above[0] & above[1])
    starts = tuple(dict.fromkeys(matcher.starts(one, other)))
    ends = tuple(matcher.outputs(starts)) if with_outputs else ()
    links: dict[Pair, tuple[Link, ...]] = {}
    toward: dict[Pair, Pair | None] = {}
    distance: dict[Pair, int] = {}
    for link in (*starts, *ends):
        if link.pair is not None and link.pair not in toward:
            toward[link.pair], distance[link.pair] = None, 0
    waiting = deque(toward)
    while waiting:
        pair = waiting.popleft()
        links[pair] = tuple(matcher.above(pair))
        for link in links[pair]:
            if link.pair is not None and link.pair not in toward and len(toward) < MOST_PAIRS:
                toward[link.pair], distance[link.pair] = pair, distance[pair] + 1
                waiting.append(link.pair)
    complete = len(toward) < MOST_PAIRS
    return Alignment(ancestry, starts, ends, links, toward, distance, above[0], above[1], complete)


def _written(ancestry: Ancestry, executions: Sequence[Ref]) -> Iterator[Ref]:
    for execution in executions:
        yield from (slot.ref for slot in ancestry.outputs(execution))


Key = Callable[[Slot], Hashable | None]
Match = tuple[Slot | None, Slot | None, int]
"""Two slots that match, and by which rule; the last number, of those left over, is -1."""


class _Matcher:
    def __init__(self, ancestry: Ancestry, shared: frozenset[Ref]) -> None:
        self._ancestry = ancestry
        self._shared = shared
        self._known: dict[Ref, Set[Ref]] = {}
        self._visits = 0

    def starts(self, one: Sequence[Ref], other: Sequence[Ref]) -> Iterator[Link]:
        """Match the starts; a single one on each side are counterparts, whatever they are."""
        left, right = (tuple(Slot("", (), ref) for ref in refs) for refs in (one, other))
        if len(left) == len(right) == 1:
            matches: Iterator[Match] = iter([(left[0], right[0], 0)])
        else:
            told = [
                {self._step(slot) for slot in side if self._turns(slot)} for side in (left, right)
            ]
            in_turns = told[0] & told[1]  # of these, one turn is no counterpart of another

            def in_order(slot: Slot) -> Hashable | None:
                return None if (step := self._step(slot)) in in_turns else step

            matches = _matched(left, right, (self._by_place, self._by_turns, in_order))
        for a, b, _ in matches:
            yield _link(self._origin(a), self._origin(b), aligned=a is not None and b is not None)

    def outputs(self, starts: Sequence[Link]) -> Iterator[Link]:
        """Match what the starts wrote."""
        for start in starts:
            one, other = (
                () if ref is None else self._ancestry.outputs(ref)
                for ref in (start.one, start.other)
            )
            yield from self._inputs(one, other)

    def above(self, pair: Pair) -> Iterator[Link]:
        """Match what two nodes were made from; nothing where they are the same or hold the same."""
        nodes = self._ancestry.nodes
        if pair.one == pair.other or same_content(nodes[pair.one], nodes[pair.other]):
            return
        one, other = self._ancestry.above(pair.one), self._ancestry.above(pair.other)
        if pair.one.kind is Kind.ARTIFACT:
            yield from _instead(_matched(one, other, (_ref, self._step, self._type)))
        else:
            yield from self._inputs(one, other)

    def _inputs(self, one: Sequence[Slot], other: Sequence[Slot]) -> Iterator[Link]:
        rules = (_same, self._content, self._own_turn, self._own_role, _role, _ref)
        found = list(_matched(one, other, rules))
        for (a, b, rule), moved in zip(found, _moved(found), strict=True):
            aligned = a is not None and b is not None
            if a is not None and b is not None and rules[rule] is _role:
                aligned = not self._continues(a.ref, b.ref)
            yield _link(a, b, aligned=aligned, moved=moved)

    def _continues(self, one: Ref, other: Ref) -> bool:
        """True where one of two artifacts is upstream of the other; only a shared one can be."""
        return any(
            above in self._shared and above in self._upstream(ref)
            for above, ref in ((one, other), (other, one))
        )

    def _upstream(self, ref: Ref) -> Set[Ref]:
        if ref not in self._known and self._visits < _MOST_VISITS:
            self._known[ref] = self._ancestry.upstream([ref])
            self._visits += len(self._known[ref])
        return self._known.get(ref) or self._ancestry.nodes.keys()

    def _own_role(self, slot: Slot) -> Hashable | None:
        return None if slot.ref in self._shared else slot.role

    def _content(self, slot: Slot) -> Hashable | None:
        known = content(self._ancestry.nodes[slot.ref])
        return (slot.role, tuple(sorted((k, str(v)) for k, v in known.items()))) if known else None

    def _own_turn(self, slot: Slot) -> Hashable | None:
        makers = () if slot.ref in self._shared else self._ancestry.above(slot.ref)
        turns = [self._turns(maker) for maker in makers]
        return (slot.role, *turns) if any(turns) else None

    def _origin(self, slot: Slot | None) -> Slot | None:
        return slot and replace(slot, ref=self._ancestry.origin(slot.ref))

    def _turns(self, slot: Slot) -> tuple[int, ...]:
        return self._ancestry.place(slot.ref).turns

    def _by_turns(self, slot: Slot) -> Hashable | None:
        return (self._step(slot), turns) if (turns := self._turns(slot)) else None

    def _by_place(self, slot: Slot) -> Hashable:
        return self._step(slot), self._ancestry.place(slot.ref)

    def _step(self, slot: Slot) -> Hashable:
        return self._type(slot), self._ancestry.step(slot.ref)

    def _type(self, slot: Slot) -> Hashable:
        return self._ancestry.nodes[slot.ref].type


def _same(slot: Slot) -> Hashable:
    return slot.role, slot.ref


def _role(slot: Slot) -> Hashable:
    return slot.role


def _ref(slot: Slot) -> Hashable:
    return slot.ref


def _matched(one: Sequence[Slot], other: Sequence[Slot], rules: Sequence[Key]) -> Iterator[Match]:
    """Match slots by the first rule under which both have the same key, in their order."""
    found: list[Match] = []
    left, right = list(one), list(other)
    for number, key in enumerate(rules):
        waiting: dict[Hashable, deque[Slot]] = defaultdict(deque)
        for slot in right:
            if (name := key(slot)) is not None:
                waiting[name].append(slot)
        rest, taken = [], set()
        for slot in left:
            name = key(slot)
            if name is not None and waiting.get(name):
                match = waiting[name].popleft()
                taken.add(id(match))
                found.append((slot, match, number))
            else:
                rest.append(slot)
        left, right = rest, [slot for slot in right if id(slot) not in taken]
    found += [(slot, None, -1) for slot in left]
    found += [(None, slot, -1) for slot in right]
    yield from sorted(found, key=_place)


def _place(match: Match) -> tuple[str, tuple[int, ...], tuple[Ref, ...]]:
    """Where a match stands among others, whichever side is which."""
    slots = [slot for slot in match[:2] if slot is not None]
    return (
        min(slot.role for slot in slots),
        min(slot.position for slot in slots),
        tuple(sorted(slot.ref for slot in slots)),
    )


def _moved(matches: Sequence[Match]) -> Iterator[bool]:
    """Say of each match whether the same things stand in another order under its key."""
    order: dict[str, list[tuple[tuple[int, ...], tuple[int, ...]]]] = defaultdict(list)
    for a, b, rule in matches:
        if a is not None and b is not None and rule < 2:
            order[a.role].append((a.position, b.position))
    mixed = {
        role
        for role, positions in order.items()
        if (ranks := [b for _, b in sorted(positions)]) != sorted(ranks)
    }
    for a, _, rule in matches:
        yield a is not None and 0 <= rule < 2 and a.role in mixed


def _instead(matches: Iterator[Match]) -> Iterator[Link]:
    """Makers: of those without counterpart, each stands instead of another."""
    left: list[Slot] = []
    right: list[Slot] = []
    for a, b, _ in matches:
        if a is not None and b is not None:
            yield _link(a, b, aligned=True)
        elif a is not None:
            left.append(a)
        elif b is not None:
            right.append(b)
    for number in range(max(len(left), len(right))):
        a = left[number] if number < len(left) else None
        b = right[number] if number < len(right) else None
        yield _link(a, b, aligned=False)


def _link(a: Slot | None, b: Slot | None, *, aligned: bool, moved: bool = False) -> Link:
    role = a.role if a is not None else b.role if b is not None else ""
    return Link(
        role,
        a.ref if a is not None else None,
        b.ref if b is not None else None,
        aligned,
        b.role if b is not None else role,
        moved,
    )
