"""Why two things differ: the question, its whole answer, and the answer's picture as a graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Artifact, Execution, ExecutionState, Kind, Node, Ref, Subgraph
from lineage_graph.model.plain import by_time
from lineage_graph.questions.declare import MOST_NODES, Found, node_param, walk
from lineage_graph.questions.differences.alignment import Alignment, align
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.divergence import Divergence, divergences
from lineage_graph.questions.differences.facts import facts, is_metric
from lineage_graph.questions.differences.overlay import Mark, together
from lineage_graph.questions.differences.sentences import Stop, headline, sentence, way
from lineage_graph.questions.nesting import NestingPlace, places
from lineage_graph.questions.roles import is_dag
from lineage_graph.questions.same_groups import as_things
from lineage_graph.store import Direction, Store

_SORTS = (Kind.ARTIFACT, Kind.EXECUTION, Kind.CONTEXT)


@dataclass(frozen=True)
class Reason:
    """One first divergence: as a sentence, as data, and the way from it to the two."""

    sentence: str
    divergence: Divergence
    way: tuple[Stop, ...]


@dataclass(frozen=True)
class Why:
    """Why two artifacts, executions or runs differ.

    ``sentence`` is the answer in a nutshell, ``reasons`` are the first divergences, the most telling
    first. ``metrics`` are the numbers measured on both that differ, by name. ``graph`` holds both
    ancestries as one, in which counterparts are one node (the other's); ``marks`` says of each node
    whether it is the same, changed, added or missing, and ``counterparts`` of each of the other's
    nodes which of the one's it stands for as well. ``complete`` is False where there was too much
    to look at it all.
    """

    one: Node
    other: Node
    sentence: str
    note: str
    reasons: tuple[Reason, ...]
    metrics: Mapping[str, tuple[Any, Any]]
    graph: Subgraph
    marks: Mapping[Ref, Mark]
    counterparts: Mapping[Ref, Ref]
    complete: bool

    def document(self) -> dict[str, Any]:
        """The answer for programs: JSON once it is made plain."""
        return {
            "one": self.one.ref,
            "other": self.other.ref,
            "sentence": self.sentence,
            "note": self.note,
            "reasons": [
                {
                    "sentence": reason.sentence,
                    "cause": reason.divergence.cause,
                    "change": reason.divergence.change,
                    "details": [detail._asdict() for detail in reason.divergence.details],
                    "places": [place._asdict() for place in reason.divergence.places],
                    "path": [stop._asdict() for stop in reason.way],
                    "distance": reason.divergence.distance,
                }
                for reason in self.reasons
            ],
            "metrics": {n: {"one": a, "other": b} for n, (a, b) in self.metrics.items()},
            "counterparts": {str(b): a for b, a in sorted(self.counterparts.items())},
            "changes": {str(ref): mark for ref, mark in sorted(self.marks.items())},
            "complete": self.complete,
        }


def why(store: Store, one: Ref | str, other: Ref | str) -> Why:
    """Return why two artifacts (or executions, or runs) of one type differ.

    "From one to other" is how the answer reads: ``epochs 5 → 10`` where the other has 10.

    Raises:
        NotFound: one of them does not exist.
        InvalidArgument: they are not of one type.
    """
    refs = [Ref.parse(ref) if isinstance(ref, str) else ref for ref in (one, other)]
    nodes = [store.node(ref) for ref in refs]
    _check(nodes)
    if refs[0].kind is Kind.CONTEXT:
        graph, starts, complete = _runs(store, refs)
    else:
        reached = dict.fromkeys((*refs, *_handed_on(store, nodes)))
        walked = store.walk(reached, Direction.UPSTREAM, node_limit=MOST_NODES, contexts=True)
        graph, starts, complete = walked.graph, [[ref] for ref in refs], not walked.truncated
    placed = places(store, graph.executions)
    return explained(
        nodes[0], nodes[1], graph, starts[0], starts[1], placed=placed, complete=complete
    )


def explained(
    one: Node,
    other: Node,
    graph: Subgraph,
    ones: Iterable[Ref],
    others: Iterable[Ref],
    *,
    placed: Mapping[Ref, NestingPlace] | None = None,
    complete: bool = True,
) -> Why:
    """Return why two nodes differ, from a graph that holds all they were made from; no I/O."""
    left, right = tuple(ones), tuple(others)
    graph = as_things(graph, {*left, *right})
    ancestry = Ancestry(graph, placed)
    alignment = align(ancestry, left, right, with_outputs=one.kind is Kind.CONTEXT)
    found = divergences(alignment)
    drawn, marks = together(graph, alignment)
    return Why(
        one,
        other,
        headline(alignment, found),
        _note(ancestry, one, other),
        tuple(Reason(sentence(alignment, d), d, way(ancestry, d)) for d in found),
        _metrics(alignment),
        drawn,
        marks,
        {pair.other: pair.one for pair in reversed(alignment.links) if pair.one != pair.other},
        complete and alignment.complete,
    )


def _check(nodes: list[Node]) -> None:
    one, other = nodes
    if one.kind is not other.kind or one.type != other.type:
        raise InvalidArgument(
            f"{one.ref} is a {one.type}, {other.ref} a {other.type}: "
            "why two things differ can be said of two of one type.",
            hint="Compare them side by side instead.",
        )


def _runs(store: Store, refs: list[Ref]) -> tuple[Subgraph, list[list[Ref]], bool]:
    """All that two runs were made from, and the steps of each, in time."""
    starts, complete = [], True
    reached: dict[Ref, None] = {}
    for ref in refs:
        answer = store.run(store.catalog["run_as_graph"], context=ref.id)
        assert answer.graph is not None
        ran = [e for e in answer.graph.executions if not is_dag(e)]
        steps = sorted(ran, key=by_time)
        starts.append([step.ref for step in steps])
        reached.update((node.ref, None) for node in (*steps, *answer.graph.artifacts))
        complete = complete and not answer.truncated
    if not reached:
        return Subgraph(), starts, complete
    walked = store.walk(reached, Direction.UPSTREAM, node_limit=MOST_NODES, contexts=True)
    return walked.graph, starts, complete and not walked.truncated


def _handed_on(store: Store, nodes: Iterable[Node]) -> tuple[Ref, ...]:
    """What cached executions put out, by which the ones are found that made it."""
    cached = [
        node.ref
        for node in nodes
        if isinstance(node, Execution) and node.last_known_state is ExecutionState.CACHED
    ]
    if not cached:
        return ()
    found = store.walk(cached, Direction.DOWNSTREAM, hops=1, node_limit=MOST_NODES)
    return tuple(artifact.ref for artifact in found.graph.artifacts)


def _note(ancestry: Ancestry, one: Node, other: Node) -> str:
    """Say that one was itself made from the other, or came from the cache, where that is so."""
    if one.kind is Kind.CONTEXT or one.ref == other.ref:
        return ""
    if told := [
        f"{node.ref} came from the cache, with what {origin} had made."
        for node in (one, other)
        if (origin := ancestry.origin(node.ref)) != node.ref
    ]:
        return " ".join(told)
    for above, node in ((one, other), (other, one)):
        if above.ref in ancestry.upstream([node.ref]):
            return f"{node.ref} was itself made from {above.ref}."
    return ""


def _metrics(alignment: Alignment) -> dict[str, tuple[Any, Any]]:
    """The numbers measured on the starts, or by what made them, that differ."""
    found: dict[str, tuple[Any, Any]] = {}
    nodes = alignment.ancestry.nodes
    for link in alignment.starts:
        if link.pair is None or len(alignment.starts) > 1:
            continue
        above = (upstream.pair for upstream in alignment.links[link.pair])
        for pair in (link.pair, *above):
            if pair is not None:
                left, right = (_numbers(nodes[ref]) for ref in pair)
                for name in left.keys() & right.keys():
                    if left[name] != right[name]:
                        found.setdefault(name, (left[name], right[name]))
    return dict(sorted(found.items()))


def _numbers(node: Artifact | Execution) -> dict[str, float]:
    found = facts(node)
    return {
        name: found[cause, name]
        for cause, name in found
        if is_metric(cause, name, found[cause, name])
    }


@walk(
    node_param("one_artifact", "id of one artifact, the earlier model for example"),
    node_param("other_artifact", "id of the other artifact, of the same type"),
    returns="rows rank int, sentence str, cause str, artifact int, execution int, name str, one any, other any, hops int",
    tags="compare, artifacts, models",
)
def why_different(store: Store, one_artifact: int, other_artifact: int) -> Found:
    """Why is this artifact different from that one?

    Aligns what the two were made from by role (type, step, key, position) and finds where they first
    part: parameters, code, data, inputs, steps, environment, and results that nothing recorded
    explains. The most telling first, then the nearest to the two; hops counts events.
    """
    answer = why(store, Ref(Kind.ARTIFACT, one_artifact), Ref(Kind.ARTIFACT, other_artifact))
    rows = []
    for rank, reason in enumerate(answer.reasons, 1):
        found = reason.divergence
        place = found.places[0].other or found.places[0].one
        detail = found.details[0]
        rows.append(
            (
                rank,
                reason.sentence,
                found.cause.value,
                place.id if place is not None and place.kind is Kind.ARTIFACT else None,
                place.id if place is not None and place.kind is Kind.EXECUTION else None,
                detail.name,
                _cell(detail.one),
                _cell(detail.other),
                found.distance,
            )
        )
    return Found(rows, truncated=not answer.complete)


def _cell(value: Any) -> Any:
    return str(value) if isinstance(value, Ref) else value
