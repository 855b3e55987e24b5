"""Two aligned ancestries as one graph, and what each of its nodes is in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from lineage_graph.model import Event, Kind, Ref, Subgraph
from lineage_graph.questions.differences.alignment import Alignment
from lineage_graph.questions.differences.divergence import differing

Mark = Literal["same", "changed", "added", "missing"]
_MOST_SAME = 300  # nodes upstream of where two ancestries meet: more would hide the rest


def together(graph: Subgraph, alignment: Alignment) -> tuple[Subgraph, dict[Ref, Mark]]:
    """Return both ancestries as one graph, and what each node is.

    Counterparts are one node, the other's: ``changed`` where they differ or anything upstream of them
    does, else ``same``. What only the other was made from is ``added``, what only the one was made
    from is ``missing``, what both were made from is the ``same``. Left out is what lies upstream of
    counterparts that hold the same content, and, where that is much, what lies upstream of where the
    ancestries meet.
    """
    changed = differing(alignment)
    stands_for: dict[Ref, Ref] = {}
    marks: dict[Ref, Mark] = {}
    for pair in alignment.links:
        stands_for.setdefault(pair.one, pair.other)
        if pair in changed:
            marks[pair.other] = "changed"
        else:
            marks.setdefault(pair.other, "same")
    met: set[Ref] = {pair.one for pair in alignment.links if pair.one == pair.other}
    counterparts = frozenset(marks) | stands_for.keys()
    for one, other in _alone(alignment):
        if other is not None:
            met |= _mark_above(alignment, marks, counterparts, other, "added")
        if one is not None:
            met |= _mark_above(alignment, marks, counterparts, one, "missing")
    _mark_shared(alignment, marks, met)
    nodes = marks.keys()
    kept = Subgraph.trusted(
        artifacts=tuple(a for a in graph.artifacts if a.ref in nodes),
        executions=tuple(e for e in graph.executions if e.ref in nodes),
        events=tuple(dict.fromkeys(_events(graph.events, alignment, stands_for, marks))),
    )
    return kept, marks


def _alone(alignment: Alignment) -> Iterator[tuple[Ref | None, Ref | None]]:
    """What stands upstream of pairs, or at the start, without a counterpart."""
    for links in (alignment.starts, alignment.ends, *alignment.links.values()):
        for link in links:
            if not link.aligned:
                yield link.one, link.other


def _mark_above(
    alignment: Alignment,
    marks: dict[Ref, Mark],
    counterparts: frozenset[Ref],
    start: Ref,
    mark: Mark,
) -> set[Ref]:
    """Mark a node and what it was made from, up to what has a counterpart or is shared; return that."""
    met: set[Ref] = set()
    waiting = [start]
    while waiting:
        ref = waiting.pop()
        if ref in alignment.shared:
            met.add(ref)
        elif ref not in marks and ref not in counterparts:
            marks[ref] = mark
            waiting += (slot.ref for slot in alignment.ancestry.above(ref))
    return met


def _mark_shared(alignment: Alignment, marks: dict[Ref, Mark], met: set[Ref]) -> None:
    """Mark where the ancestries meet, and what lies upstream of it unless that is much."""
    above = alignment.ancestry.upstream(met)
    for ref in above if len(above) <= _MOST_SAME else met:
        marks.setdefault(ref, "same")


def _events(
    events: Iterable[Event],
    alignment: Alignment,
    stands_for: Mapping[Ref, Ref],
    marks: Mapping[Ref, Mark],
) -> Iterator[Event]:
    """The events of the other ancestry, and those of the one between the nodes that stand for its own."""
    for event in events:
        artifact = Ref(Kind.ARTIFACT, event.artifact_id)
        execution = Ref(Kind.EXECUTION, event.execution_id)
        ends = {artifact, execution}
        if ends <= marks.keys() and ends <= alignment.above_other:
            yield event
        if ends <= alignment.above_one:
            artifact = stands_for.get(artifact, artifact)
            execution = stands_for.get(execution, execution)
            if artifact in marks and execution in marks:
                yield event.model_copy(
                    update={"artifact_id": artifact.id, "execution_id": execution.id}
                )
