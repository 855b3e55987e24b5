"""Matching: which of two lists of inputs, makers, starts or results are counterparts of each other.

Matched are the inputs of two executions, and the makers of two artifacts, each once, by the first
rule that fits:

- inputs: the same artifact under the same key; the same content (digests) under the same key; what
  was made in the same turn of a loop under the same key; what lies at the same address under the same
  key; the next under the same key, in the order of positions; the same artifact under another key;
  what is of the same type, or made by steps of which one is behind the other, under another key;
- makers: the same execution; the same type and step; the same type; else what lies behind a step
  that was added, removed or renamed (``bridges``).

**What continues something is not compared with it**: where two different artifacts stand at the same
place and one of them is upstream of the other, they stand there one instead of the other, and are not
paired. So the third model of a chain of warm starts is not compared with its own ancestors, level by
level, down to the first. What both were made from is found as itself wherever it stands at the same
place on both sides.

What is left over has no counterpart. All rules are symmetric: to swap the two sides mirrors the
matches.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from typing import NamedTuple

from lineage_graph.model import Artifact, Kind, Ref
from lineage_graph.questions.differences.ancestry import Ancestry, Slot
from lineage_graph.questions.differences.bridges import (
    MAX_COMPARED,
    AncestrySide,
    bridge,
    renamed_steps,
    step_key,
)
from lineage_graph.questions.differences.facts import content, same_content

_MOST_VISITS = 1_000_000  # nodes looked at to tell what continues what; after that, all is said to


class Pair(NamedTuple):
    """A node of the one ancestry and its counterpart in the other."""

    one: Ref
    other: Ref


@dataclass(frozen=True)
class Aligned:
    """What stands at one place upstream of a pair, on each side; None where nothing does.

    ``aligned`` says whether the two are counterparts. ``moved``: they are the same, and stand at
    another position among their equals. ``exchanged``: counterparts under another key that are not
    the same. ``hops`` is how many events the two are away, more than one behind steps that only one
    side has; a link to such a step ``is_step``.
    """

    role: str
    one: Ref | None
    other: Ref | None
    aligned: bool
    other_role: str = ""
    moved: bool = False
    exchanged: bool = False
    is_step: bool = False
    hops: int = 1

    @property
    def pair(self) -> Pair | None:
        """The pair, where there is one."""
        if self.aligned and self.one is not None and self.other is not None:
            return Pair(self.one, self.other)
        return None


Key = Callable[[Slot], Hashable | None]
Match = tuple[Slot | None, Slot | None, int]
"""Two slots that match, and by which rule; the number of those left over is ``_LEFT``."""
_LEFT = -1


class Matcher:
    """Matches nodes of an ancestry; ``shared`` are those upstream of both sides."""

    def __init__(self, ancestry: Ancestry, shared: frozenset[Ref]) -> None:
        self._ancestry = ancestry
        self._shared = shared
        self._known: dict[Ref, Set[Ref]] = {}
        self._visits = 0

    def starts(self, one: Sequence[Ref], other: Sequence[Ref]) -> Iterator[Aligned]:
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

            rules = (self._by_place, self._by_turns, in_order)
            matches = self._renamed(list(_matched(left, right, rules)), (left, right))
        for a, b, _ in matches:
            yield _link(self._origin(a), self._origin(b), aligned=a is not None and b is not None)

    def _renamed(
        self, matches: list[Match], sides: tuple[Sequence[Slot], Sequence[Slot]]
    ) -> Iterator[Match]:
        """Match starts that are left over because their step has another name."""
        known = [{self._step(slot) for slot in side} for side in sides]
        left = {a.ref: a for a, b, _ in matches if a and not b and self._step(a) not in known[1]}
        right = {b.ref: b for a, b, _ in matches if b and not a and self._step(b) not in known[0]}
        pairs = dict(renamed_steps(self._ancestry, list(left), list(right)))
        taken = {*pairs, *pairs.values()}
        for a, b, rule in matches:
            if a is not None and a.ref in pairs:
                yield a, right[pairs[a.ref]], rule
            elif not {slot.ref for slot in (a, b) if slot is not None} & taken:
                yield a, b, rule

    def outputs(self, starts: Sequence[Aligned]) -> Iterator[Aligned]:
        """Match what the starts wrote."""
        for start in starts:
            one, other = (
                () if ref is None else self._ancestry.outputs(ref)
                for ref in (start.one, start.other)
            )
            yield from self._inputs(one, other)

    def above(self, pair: Pair) -> Iterator[Aligned]:
        """Match what two nodes were made from; nothing where they are the same or hold the same."""
        nodes = self._ancestry.nodes
        if pair.one == pair.other or same_content(nodes[pair.one], nodes[pair.other]):
            return
        one, other = self._ancestry.above(pair.one), self._ancestry.above(pair.other)
        if pair.one.kind is Kind.ARTIFACT:
            yield from self._makers(pair, one, other)
        else:
            yield from self._inputs(one, other)

    def _makers(self, pair: Pair, one: Sequence[Slot], other: Sequence[Slot]) -> Iterator[Aligned]:
        """Match makers; behind those that are left over, match what lies behind them."""
        found = list(_matched(one, other, (_ref, self._step, self._type)))
        left = [a.ref for a, b, _ in found if a is not None and b is None]
        right = [b.ref for a, b, _ in found if b is not None and a is None]
        over = None
        if (left or right) and self._may_visit():
            sides = [
                AncestrySide(self._ancestry, end, makers, self._shared)
                for end, makers in zip(pair, (left, right), strict=True)
            ]
            over = bridge(self._ancestry, *sides)
            self._visits += sum(len(side.distance) for side in sides)
        if over is None:
            yield from _instead(found)
            return
        for a, b, _ in found:
            if a is not None and b is not None:
                yield _link(a, b, aligned=True)
        for counterpart in (*over.renamed, *over.behind):
            yield Aligned("", *counterpart[:2], aligned=True, hops=max(1, counterpart.hops))
        for ref in over.missing:
            yield Aligned("", ref, None, aligned=False, is_step=True)
        for ref in over.added:
            yield Aligned("", None, ref, aligned=False, is_step=True)

    def _inputs(self, one: Sequence[Slot], other: Sequence[Slot]) -> Iterator[Aligned]:
        rules = (
            _same,
            self._content,
            self._own_turn,
            self._own_address,
            self._own_role,
            _role,
            _ref,
        )
        found = list(_matched(one, other, rules))
        for (a, b, rule), moved in zip(found, _moved(found), strict=True):
            aligned = a is not None and b is not None
            if a is not None and b is not None and rules[rule] is _role:
                aligned = not self._continues(a.ref, b.ref)
                if not aligned:
                    yield from self._between(a.ref, b.ref)
            if rule != _LEFT:
                yield _link(a, b, aligned=aligned, moved=moved)
        yield from self._exchanged(found)

    def _exchanged(self, matches: Sequence[Match]) -> Iterator[Aligned]:
        """Match inputs that are left over: one was read instead of the other, under another key."""
        left = [a for a, b, rule in matches if a is not None and rule == _LEFT]
        right = [b for a, b, rule in matches if b is not None and rule == _LEFT]
        taken: set[int] = set()
        if len(left) * len(right) <= MAX_COMPARED:
            related = [(a, b) for a in left for b in right if self._related(a.ref, b.ref)]
            for one, other in sorted(related, key=lambda pair: _place((*pair, _LEFT))):
                if not {id(one), id(other)} & taken:
                    taken |= {id(one), id(other)}
                    yield replace(_link(one, other, aligned=True), exchanged=True)
        for a, b, rule in matches:
            if rule == _LEFT and not {id(a), id(b)} & taken:
                yield _link(a, b, aligned=False)

    def _related(self, one: Ref, other: Ref) -> bool:
        """True where two artifacts can stand one for the other: of one type, or the one is behind the other's step."""
        if one in self._shared or other in self._shared or not self._may_visit():
            return False
        if self._ancestry.nodes[one].type == self._ancestry.nodes[other].type:
            return True
        return any(
            self._made_by(near) & self._behind(far) for near, far in ((one, other), (other, one))
        )

    def _made_by(self, artifact: Ref) -> set[Hashable]:
        """The steps that made an artifact, or the type of one that came from outside."""
        makers = self._ancestry.above(artifact)
        if not makers:
            return {self._ancestry.nodes[artifact].type}
        return {step_key(self._ancestry, maker.ref) for maker in makers}

    def _behind(self, artifact: Ref) -> set[Hashable]:
        """The steps behind an artifact, and the types of what came from outside."""
        found: set[Hashable] = set()
        for ref in self._upstream(artifact) - self._shared:
            if ref.kind is Kind.EXECUTION:
                found.add(step_key(self._ancestry, ref))
            elif not self._ancestry.above(ref):
                found.add(self._ancestry.nodes[ref].type)
        return found

    def _between(self, one: Ref, other: Ref) -> Iterator[Aligned]:
        """The steps on the way between two artifacts of which one is upstream of the other, and nowhere behind that one."""
        for ref in self._on_the_way(one, other):
            yield Aligned("", ref, None, aligned=False, is_step=True)
        for ref in self._on_the_way(other, one):
            yield Aligned("", None, ref, aligned=False, is_step=True)

    def _on_the_way(self, late: Ref, early: Ref) -> list[Ref]:
        above, before = self._upstream(late), self._upstream(early)
        known = {step_key(self._ancestry, ref) for ref in _executions(before)}
        way = [
            ref
            for ref in sorted(_executions(above - before))
            if step_key(self._ancestry, ref) not in known
        ]
        if len(way) > MAX_COMPARED:
            return []
        return [ref for ref in way if self._may_visit() and early in self._upstream(ref)]

    def _continues(self, one: Ref, other: Ref) -> bool:
        """True where one of two artifacts is upstream of the other; only a shared one can be."""
        return any(
            above in self._shared and above in self._upstream(ref)
            for above, ref in ((one, other), (other, one))
        )

    def _may_visit(self) -> bool:
        return self._visits < _MOST_VISITS

    def _upstream(self, ref: Ref) -> Set[Ref]:
        if ref not in self._known and self._may_visit():
            self._known[ref] = self._ancestry.upstream([ref])
            self._visits += len(self._known[ref])
        return self._known.get(ref) or self._ancestry.nodes.keys()

    def _own_address(self, slot: Slot) -> Hashable | None:
        node = self._ancestry.nodes[slot.ref]
        if not isinstance(node, Artifact) or not node.uri or slot.ref in self._shared:
            return None
        return slot.role, node.uri

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


def _executions(refs: Iterable[Ref]) -> Iterator[Ref]:
    return (ref for ref in refs if ref.kind is Kind.EXECUTION)


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
    found += [(slot, None, _LEFT) for slot in left]
    found += [(None, slot, _LEFT) for slot in right]
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


def _instead(matches: Iterable[Match]) -> Iterator[Aligned]:
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


def _link(a: Slot | None, b: Slot | None, *, aligned: bool, moved: bool = False) -> Aligned:
    role = a.role if a is not None else b.role if b is not None else ""
    return Aligned(
        role,
        a.ref if a is not None else None,
        b.ref if b is not None else None,
        aligned,
        b.role if b is not None else role,
        moved,
    )
