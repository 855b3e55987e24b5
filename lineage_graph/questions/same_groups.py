"""Artifacts of a graph that are the same thing, seen by several tools."""

from __future__ import annotations

from collections.abc import Collection

from lineage_graph.model import Kind, Ref, Subgraph


def things(graph: Subgraph) -> list[tuple[Ref, ...]]:
    """Return the artifacts that are the same, each group in order; what stands alone is left out."""
    group: dict[Ref, set[Ref]] = {}
    for link in graph.same_as:
        ends = Ref(Kind.ARTIFACT, link.artifact_id), Ref(Kind.ARTIFACT, link.other_id)
        joined = set().union(*(group.get(end, {end}) for end in ends))
        group |= dict.fromkeys(joined, joined)
    return sorted({tuple(sorted(found)) for found in group.values()})


def as_things(graph: Subgraph, keep: Collection[Ref] = ()) -> Subgraph:
    """Return a graph in which what is the same is one node, with the events of all of them.

    Those of ``keep`` stay; else the one stays that something made, of several the first.
    """
    made = {Ref(Kind.ARTIFACT, e.artifact_id) for e in graph.events if not e.type.is_input}
    stands_for: dict[int, int] = {}
    for found in things(graph):
        first = min(found, key=lambda ref: (ref not in keep, ref not in made, ref))
        stands_for |= {ref.id: first.id for ref in found if ref not in keep}
    moved = {one: other for one, other in stands_for.items() if one != other}
    if not moved:
        return graph
    events = (
        event.model_copy(update={"artifact_id": moved[event.artifact_id]})
        if event.artifact_id in moved
        else event
        for event in graph.events
    )
    return graph.model_copy(
        update={
            "artifacts": tuple(a for a in graph.artifacts if a.id not in moved),
            "attributions": tuple(a for a in graph.attributions if a.artifact_id not in moved),
            "events": tuple(dict.fromkeys(events)),
            "same_as": (),
        }
    )
