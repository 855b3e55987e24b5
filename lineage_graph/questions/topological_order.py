"""The flow of data in a Subgraph: what lies before and after a node, and in which order."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Sequence

from lineage_graph.model import Kind, Ref, Subgraph
from lineage_graph.model.plain import by_time
from lineage_graph.questions.same_groups import things


class FlowOrder:
    """Who feeds whom in a graph: an artifact the execution that reads it, an execution what it writes.

    Artifacts that are the same thing were made by what made any of them, and feed what reads any.
    """

    def __init__(self, graph: Subgraph) -> None:
        self._before: dict[Ref, dict[Ref, None]] = defaultdict(dict)
        self._after: dict[Ref, dict[Ref, None]] = defaultdict(dict)
        for event in graph.events:
            ends = Ref(Kind.ARTIFACT, event.artifact_id), Ref(Kind.EXECUTION, event.execution_id)
            source, target = ends if event.type.is_input else ends[::-1]
            self._before[target][source] = None
            self._after[source][target] = None
        self._same: dict[Ref, tuple[Ref, ...]] = {}
        for found in things(graph):
            for side in (self._before, self._after):
                together = {ref: None for one in found for ref in side.get(one, ())}
                side |= dict.fromkeys(found, together)
            self._same |= dict.fromkeys(found, found)

    def before(self, ref: Ref) -> Sequence[Ref]:
        """What feeds a node directly."""
        return tuple(self._before.get(ref, ()))

    def after(self, ref: Ref) -> Sequence[Ref]:
        """What a node feeds directly."""
        return tuple(self._after.get(ref, ()))

    def upstream(self, refs: Iterable[Ref]) -> set[Ref]:
        """Everything that feeds any of the nodes, directly or not; a node itself only if it feeds another."""
        reached: set[Ref] = set()
        waiting = [source for ref in refs for source in self.before(ref)]
        while waiting:
            ref = waiting.pop()
            if ref not in reached:
                reached.add(ref)
                waiting += (*self.before(ref), *self._same.get(ref, ()))
        return reached


def topological(graph: Subgraph) -> list[Ref]:
    """Return artifacts and executions so that none stands before what feeds it; else oldest first.

    Where data flows in a circle (an execution may read and write the same artifact) the oldest node
    of those that are left comes next.
    """
    flow = FlowOrder(graph)
    nodes = [*graph.artifacts, *graph.executions]
    age = {node.ref: (*by_time(node)[:2], node.ref) for node in nodes}
    missing = {ref: sum(source in age for source in flow.before(ref)) for ref in age}
    ready = [age[ref] for ref, count in missing.items() if count == 0]
    heapq.heapify(ready)
    oldest = sorted(age.values(), reverse=True)
    order: dict[Ref, None] = {}
    while len(order) < len(age):
        *_, ref = heapq.heappop(ready) if ready else oldest.pop()
        if ref in order:
            continue
        order[ref] = None
        for target in flow.after(ref):
            if target in missing:
                missing[target] -= 1
                if missing[target] == 0:
                    heapq.heappush(ready, age[target])
    return list(order)
