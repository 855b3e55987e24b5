"""Every sequence of calls that is recorded: its name, the function that makes it, its seed."""

from __future__ import annotations

from collections.abc import Callable

from . import composed, edges, lineage, nodes, reads, subgraphs, types
from .world import World

_TIMES: dict[Callable[[World], None], int] = {
    types.evolving: 6,
    types.in_batches: 3,
    nodes.made: 6,
    nodes.changed: 7,
    nodes.masked: 6,
    nodes.unless_newer: 2,
    nodes.states: 1,
    edges.events: 4,
    edges.groups: 4,
    edges.parents: 3,
    composed.steps: 8,
    composed.step_with_a_missing_artifact: 1,
    subgraphs.subgraphs: 8,
    subgraphs.subgraph_with_a_missing_artifact: 1,
    reads.by_key: 3,
    reads.lists: 4,
    reads.options_of_lists: 3,
    reads.filters: 2,
    reads.many: 1,
    lineage.walks: 6,
    lineage.refused: 1,
}

SEQUENCES = [
    (f"{sequence.__module__.rpartition('.')[2]}.{sequence.__name__}", sequence, seed)
    for sequence, times in _TIMES.items()
    for seed in range(times)
]
