"""Graphs of the shapes that lineages have: how many nodes, in the order of time, and their edges."""

from __future__ import annotations

import random

Graph = tuple[int, list[tuple[int, int]]]


def chain(count: int) -> Graph:
    """One thing made from the last."""
    return count, [(node, node + 1) for node in range(count - 1)]


def fan(leaves: int) -> Graph:
    """One step that made many things."""
    return leaves + 1, [(0, leaf) for leaf in range(1, leaves + 1)]


def into(sources: int) -> Graph:
    """One step that read many things."""
    return sources + 1, [(source, sources) for source in range(sources)]


def ladder(rungs: int) -> Graph:
    """Diamonds, each on top of the last."""
    edges = []
    for rung in range(rungs):
        top = 3 * rung
        edges += [(top, top + 1), (top, top + 2), (top + 1, top + 3), (top + 2, top + 3)]
    return 3 * rungs + 1, edges


def tree(count: int, seed: int = 1) -> Graph:
    """Each thing made from any older one."""
    chance = random.Random(seed)
    return count, [(chance.randrange(node), node) for node in range(1, count)]


def parts(count: int, size: int = 12) -> Graph:
    """Many small lineages that have nothing in common."""
    edges = [
        (node - node % size + (node % size - 1) // 2, node) for node in range(count) if node % size
    ]
    return count, edges


class Lineage:
    """A lineage as pipelines make it: runs of steps that read what earlier steps and runs made."""

    def __init__(self, seed: int, steps: int = 8, deep: float = 0.0, reuse: float = 0.15) -> None:
        self._chance = random.Random(seed)
        self._steps, self._deep, self._reuse = steps, deep, reuse
        self.count = 0
        self.edges: list[tuple[int, int]] = []
        self._artifacts: list[int] = []
        self._shared: list[int] = []
        self._last = -1

    def grow(self, count: int) -> Graph:
        """Run pipelines until there are so many nodes; what is there stays as it is."""
        while self.count < count:
            self._run()
        edges = [edge for edge in self.edges if max(edge) < count]
        return count, edges

    def _node(self, *before: int) -> int:
        node = self.count
        self.count += 1
        self.edges += [(other, node) for other in dict.fromkeys(before)]
        return node

    def _run(self) -> None:
        chance = self._chance
        if not self._shared or chance.random() < 0.1:
            self._shared.append(self._node())
            self._artifacts.append(self._shared[-1])
        if chance.random() < self._reuse:  # one more look at something old
            step = self._node(chance.choice(self._artifacts))
            self._artifacts.append(self._node(step))
            return
        made = [chance.choice(self._shared[-3:])]
        if self._last >= 0 and chance.random() < self._deep:
            made.append(self._last)
        step = self._node(*made)
        made = [self._node(step)]
        for _ in range(self._steps - 1):
            inputs = {made[-1]} if chance.random() < 0.5 else {chance.choice(made[-3:])}
            while chance.random() < 0.45:
                inputs.add(chance.choice(made))
            step = self._node(*sorted(inputs))
            made += [self._node(step) for _ in range(chance.choice((1, 1, 1, 2, 3)))]
        self._artifacts += made
        self._last = made[-1]


def standard(count: int, seed: int = 1) -> Graph:
    """Runs side by side, on shared data."""
    return Lineage(seed).grow(count)


def deep(count: int, seed: int = 1) -> Graph:
    """Runs that nearly all go on from the model of the last."""
    return Lineage(seed, deep=0.95).grow(count)
