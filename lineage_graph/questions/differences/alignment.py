"""Alignment: which node of one ancestry stands where which node of the other stands.

The alignment of two lists of starts is the smallest set of pairs such that

1. each start is paired with its counterpart among the other starts: the only one with the only one,
   else by type, step, turns of loops and order;
2. where two different nodes are paired and do not provably hold the same content, what they were
   made from is matched, and what matches is paired too.

How inputs, makers and starts are matched, ``matching`` says; each is matched once.

What is left over has no counterpart. All rules are symmetric: to swap the two sides mirrors the
alignment. A node may be in several pairs (one input where the other side has two). Pairs are visited
breadth first, each once, so the time is linear in pairs and their links, however many paths there are.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from lineage_graph.model import Ref
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.matching import Aligned, Matcher, Pair

MOST_PAIRS = 100_000


@dataclass(frozen=True)
class Alignment:
    """Pairs, nearest to the starts first, each with what stands upstream of it.

    ``ends`` match what the starts wrote, where that was asked for. ``toward`` leads from each pair
    one step nearer to the starts. ``above_one`` and ``above_other`` are the starts (and ends) of each
    side with everything upstream of them. ``complete`` is False where there were more pairs than
    ``MOST_PAIRS``.
    """

    ancestry: Ancestry
    starts: tuple[Aligned, ...]
    ends: tuple[Aligned, ...]
    links: dict[Pair, tuple[Aligned, ...]]
    toward: dict[Pair, Pair | None]
    distance: dict[Pair, int]
    above_one: frozenset[Ref]
    above_other: frozenset[Ref]
    complete: bool

    @cached_property
    def users(self) -> dict[Pair, list[Pair]]:
        """For each pair the pairs that it stands upstream of."""
        found: dict[Pair, list[Pair]] = defaultdict(list)
        for pair, links in self.links.items():
            for link in links:
                if link.pair is not None:
                    found[link.pair].append(pair)
        return found

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
    matcher = Matcher(ancestry, above[0] & above[1])
    starts = tuple(dict.fromkeys(matcher.starts(one, other)))
    ends = tuple(matcher.outputs(starts)) if with_outputs else ()
    links: dict[Pair, tuple[Aligned, ...]] = {}
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
                toward[link.pair], distance[link.pair] = pair, distance[pair] + link.hops
                waiting.append(link.pair)
    complete = len(toward) < MOST_PAIRS
    return Alignment(ancestry, starts, ends, links, toward, distance, above[0], above[1], complete)


def _written(ancestry: Ancestry, executions: Sequence[Ref]) -> Iterator[Ref]:
    for execution in executions:
        yield from (slot.ref for slot in ancestry.outputs(execution))
