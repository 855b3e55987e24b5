"""Which column and which line of the picture each node stands in, and in what order nodes are placed.

All is decided in the order in which nodes came to be, from what was there before: what comes later
never changes it. So a lineage that grows keeps its picture, without anything being remembered.

- Columns go by the longest path. What nothing made stands just before its first use.
- A lineage that is longer than a line goes on in the next line, as text does.
- Nodes are placed in batches, small beside what stands already, cut where something new begins.
- Small parts that have nothing in common stand beside each other, where there are many.
- A fan, many nodes that hang on one other and nothing else, is a block of several columns.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

Edge = tuple[int, int]

LINE = 24  # columns of the shortest line
_FIRST = 250  # nodes of the first batch, about
_SHARE = 25  # a later batch is about so small a part of what stands
_LEAST = 32  # but not smaller, for runs should not be cut
_FAN = 16  # more than so many make a block
_WIDTHS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256)
_PART = 6  # columns for a small part
_PLACES = ((3, 1), (8, 2), (math.inf, LINE // _PART))  # up to so many parts stand in so many places
_NOBODY = -1


@dataclass(frozen=True)
class Fan:
    """Nodes that hang on ``hub`` and nothing else, ``width`` beside each other in every row."""

    hub: int  # -1: nodes that hang on nothing
    leaves: list[int]
    width: int


@dataclass
class Block:
    """What is placed at once: the nodes of a batch that stand in the same line."""

    nodes: list[int] = field(default_factory=list)
    before: list[Fan] = field(default_factory=list)  # fans that lead to a hub
    after: list[Fan] = field(default_factory=list)


@dataclass(frozen=True)
class Plan:
    """The column of every node, and the blocks in the order in which they are placed."""

    column: list[int]
    blocks: list[Block]


def plan(count: int, before: list[list[int]], after: list[list[int]]) -> Plan:
    """Plan an acyclic graph, given what is before and after each node, in the nodes' order."""
    return _Planner(count, before, after).plan()


class _Planner:
    def __init__(self, count: int, before: list[list[int]], after: list[list[int]]) -> None:
        self._before, self._after = before, after
        self._first_use = [_NOBODY] * count  # of what nothing made
        self._arrival = self._arrivals()
        self._rank = [0] * count
        self._column = [0] * count
        self._line = [0] * count
        self._starts = [0]  # the first rank of every line
        self._length = LINE  # of the last line
        self._blocks: list[Block] = []
        self._beside = True  # as long as all parts are small
        self._set = 0  # how many parts there are
        self._parts = [0] * (LINE // _PART)  # about how high the parts of each place are

    def plan(self) -> Plan:
        when = [0] * len(self._rank)
        for position, node in enumerate(self._arrival):
            when[node] = position
        start = 0
        while start < len(self._arrival):
            end = self._end(start, when)
            self._batch(start, end, when)
            start = end
        return Plan(self._column, self._blocks)

    def _arrivals(self) -> list[int]:
        """Return the nodes in their order, but none before what it comes from."""
        arrival: list[int] = []
        for node in _in_order(self._before):
            if not self._before[node]:
                if not self._after[node]:
                    arrival.append(node)
                continue  # arrives with its first use
            for source in self._before[node]:
                if not self._before[source] and self._first_use[source] == _NOBODY:
                    self._first_use[source] = node
                    arrival.append(source)
            arrival.append(node)
        return arrival

    def _end(self, start: int, when: list[int]) -> int:
        """Return where a batch ends: where something new begins, never within a fan."""
        arrival = self._arrival
        usual = max(_FIRST - start, start // _SHARE, _LEAST)
        least, most = min(len(arrival), start + usual), min(len(arrival), start + usual * 5 // 4)
        recent = max(_FAN, usual // 8)
        for end in range(least, most):
            if all(when[other] < end - recent for other in self._before[arrival[end]]):
                break
        else:
            end = most
        while 0 < end < len(arrival) and (
            self._first_use[arrival[end - 1]] != _NOBODY
            or self._hub(arrival[end - 1]) == self._hub(arrival[end])
        ):
            end += 1
        return end

    def _hub(self, node: int) -> int:
        """Return the only node that a node comes from; what comes from none or many has its own."""
        before = self._before[node]
        if len(before) == 1:
            return before[0]
        return -2 - node if before or self._after[node] else _NOBODY

    def _batch(self, start: int, end: int, when: list[int]) -> None:
        nodes = self._arrival[start:end]
        into: dict[int, Fan] = {}
        leaves: dict[int, list[int]] = {}
        in_fans: set[int] = set()
        for node in nodes:
            if self._first_use[node] != _NOBODY:
                continue
            fan = self._settle(node, start)
            if fan:
                into[node] = fan
                in_fans.update(fan.leaves)
            hub = self._hub(node)
            if hub >= _NOBODY and all(when[other] >= end for other in self._after[node]):
                leaves.setdefault(hub, []).append(node)
        fans: list[Fan] = []
        for hub, members in leaves.items():
            if len(members) > _FAN or hub == _NOBODY:
                fans.append(self._spread(hub, members))
                in_fans.update(members)
            else:
                self._hang(hub, members)
        if self._beside:
            self._set_beside(nodes, when, start, end)
        blocks: dict[int, Block] = {}
        for node in nodes:
            if node not in in_fans:
                blocks.setdefault(self._line[node], Block()).nodes.append(node)
            if node in into:
                blocks[self._line[node]].before.append(into[node])
        for fan in fans:
            blocks.setdefault(self._line[fan.leaves[0]], Block()).after.append(fan)
        self._blocks += [blocks[line] for line in sorted(blocks)]

    def _settle(self, node: int, standing: int) -> Fan | None:
        """Give a node its column, with the sources that it is the first to use; return their fan."""
        sources = [other for other in self._before[node] if self._first_use[other] == node]
        rank = max(
            (
                self._rank[other] + 1
                for other in self._before[node]
                if self._first_use[other] != node
            ),
            default=0,
        )
        fan = None
        room = 1 if sources else 0
        if len(sources) > _FAN:
            fan = Fan(node, sources, min(width(len(sources)), LINE - 1))
            room = fan.width
        line, column = self._locate(rank, standing)
        if column < room:
            rank, column = rank + room - column, room
        self._rank[node], self._line[node], self._column[node] = rank, line, column
        for number, source in enumerate(sources):
            back = fan.width - number % fan.width if fan else 1
            self._rank[source] = rank - back
            self._line[source], self._column[source] = line, column - back
        return fan

    def _spread(self, hub: int, leaves: list[int]) -> Fan:
        """Give the leaves of a hub their columns."""
        fan = Fan(hub, leaves, width(len(leaves) * (2 if hub == _NOBODY else 1)))
        if hub == _NOBODY:
            rank, line, column = 0, len(self._starts), 0
        else:
            rank, line, column = self._rank[hub] + 1, self._line[hub], self._column[hub] + 1
        for number, leaf in enumerate(leaves):
            on = number % fan.width
            self._rank[leaf], self._line[leaf], self._column[leaf] = rank + on, line, column + on
        return fan

    def _hang(self, hub: int, leaves: list[int]) -> None:
        """Let what ends a line hang over its end: a line of one card is none."""
        for leaf in leaves:
            if self._line[leaf] != self._line[hub]:
                self._line[leaf], self._column[leaf] = self._line[hub], self._column[hub] + 1

    def _set_beside(self, nodes: list[int], when: list[int], start: int, end: int) -> None:
        """Give many small parts that have nothing in common places beside each other."""
        parts: list[list[int]] = []
        seen: set[int] = set()
        for root in nodes:
            if root in seen or not (self._before[root] or self._after[root]):
                continue
            seen.add(root)
            part = [root]
            for node in part:
                for other in (*self._before[node], *self._after[node]):
                    if other not in seen and start <= when[other] < end:
                        seen.add(other)
                        part.append(other)
            if max([self._column[node] for node in part]) >= _PART - 1:
                self._beside = False
                return
            if all(when[other] >= start for node in part for other in self._before[node]):
                parts.append(part)
        self._set += len(parts)
        places = next(places for most, places in _PLACES if self._set <= most)
        for part in parts:
            place = min(range(places), key=self._parts.__getitem__)
            columns = [self._column[node] for node in part]
            self._parts[place] += 1 + max([columns.count(column) for column in set(columns)])
            for node in part:
                self._rank[node] += place * _PART
                self._column[node] += place * _PART

    def _locate(self, rank: int, standing: int) -> tuple[int, int]:
        """Return the line and the column of a rank. Lines become longer as the picture grows."""
        while rank >= self._starts[-1] + self._length:
            self._starts.append(self._starts[-1] + self._length)
            self._length = max(LINE, math.isqrt(standing) // 8 * 8)
        line = bisect_right(self._starts, rank) - 1
        return line, rank - self._starts[line]


def width(count: int) -> int:
    """Return how many of so many cards stand beside each other for a block that is easily seen.

    Few widths are possible, so that a block that grows seldom changes its width.
    """
    best = math.sqrt(count * 0.43)  # about 1.6 times as wide as high
    return min(_WIDTHS, key=lambda each: abs(math.log(each / best)))


def _in_order(before: Sequence[Sequence[int]]) -> list[int]:
    """Return all nodes in order, but each after all that is before it."""
    done = [False] * len(before)
    ordered: list[int] = []
    for root in range(len(before)):
        stack = [] if done[root] else [(root, iter(before[root]))]
        while stack:
            node, rest = stack[-1]
            for other in rest:
                if not done[other]:
                    stack.append((other, iter(before[other])))
                    break
            else:
                stack.pop()
                if not done[node]:
                    done[node] = True
                    ordered.append(node)
    return ordered
