"""Random lineages, a copy of each, and differences planted in the copy: they and no others are found.

What must be found is told by networkx from what was planted, without the code under test.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage_graph.model import (
    Artifact,
    Event,
    EventType,
    Execution,
    Kind,
    Properties,
    Ref,
    Subgraph,
)
from lineage_graph.questions.differences.alignment import align
from lineage_graph.questions.differences.ancestry import Ancestry
from lineage_graph.questions.differences.divergence import Divergence, divergences

FAR = 1000  # ids of the copy begin here
Name = tuple[str, int]


@dataclass
class Shape:
    """A lineage without circles, and what is planted in its copy.

    Nodes are ("artifact", 3); ``inputs`` and ``outputs`` are of each execution. ``kept`` are nodes
    that the copy has in common with the original: they and all upstream of them.
    """

    inputs: dict[int, list[int]]
    outputs: dict[int, list[int]]
    artifacts: int
    kept: set[Name] = field(default_factory=set)
    planted: dict[Name, str] = field(default_factory=dict)
    proven: set[int] = field(default_factory=set)

    def flow(self) -> nx.DiGraph[Name]:
        """The flow of data."""
        flow: nx.DiGraph[Name] = nx.DiGraph()
        flow.add_nodes_from(("artifact", n) for n in range(self.artifacts))
        flow.add_nodes_from(("execution", n) for n in self.inputs)
        for number in self.inputs:
            flow.add_edges_from(
                (("artifact", a), ("execution", number)) for a in self.inputs[number]
            )
            flow.add_edges_from(
                (("execution", number), ("artifact", a)) for a in self.outputs[number]
            )
        return flow

    def graph(self) -> Subgraph:
        """The original and its copy."""
        artifacts: dict[int, Artifact] = {}
        executions: dict[int, Execution] = {}
        events: dict[Event, None] = {}
        for copy in (False, True):
            for n in range(self.artifacts):
                number = self.number(("artifact", n), copy)
                artifacts.setdefault(number, self.artifact(n, number, copy))
            for n in self.inputs:
                number = self.number(("execution", n), copy)
                executions.setdefault(number, self.execution(n, number, copy))
                events.update(dict.fromkeys(self.events(n, number, copy)))
        extra = [p for p in self.planted if self.planted[p] == "input"]
        for position, (_, n) in enumerate(extra):
            artifacts[2 * FAR + position] = Artifact(id=2 * FAR + position, type="Extra")
            number = self.number(("execution", n), True)
            events[_event(2 * FAR + position, number, EventType.INPUT, "extra")] = None
        return Subgraph(
            artifacts=tuple(artifacts.values()),
            executions=tuple(executions.values()),
            events=tuple(events),
        )

    def number(self, name: Name, copy: bool) -> int:
        return name[1] + 1 if not copy or name in self.kept else name[1] + FAR

    def artifact(self, n: int, number: int, copy: bool) -> Artifact:
        changed = copy and self.planted.get(("artifact", n)) == "content"
        held: Properties = {"rows": 2 if changed else 1}
        if n in self.proven:
            held["digest"] = f"d{n}"
        return Artifact(id=number, type=f"T{n}", custom_properties=held, uri=f"s3://{n}")

    def execution(self, n: int, number: int, copy: bool) -> Execution:
        what = self.planted.get(("execution", n)) if copy else None
        held: Properties = {
            "epochs": 2 if what == "parameter" else 1,
            "git_commit": "b" if what == "code" else "a",
        }
        return Execution(id=number, type=f"E{n}", custom_properties=held)

    def events(self, n: int, number: int, copy: bool) -> list[Event]:
        sides = (
            (self.inputs[n], EventType.INPUT, "in"),
            (self.outputs[n], EventType.OUTPUT, "out"),
        )
        return [
            _event(self.number(("artifact", a), copy), number, kind, f"{key}{a}")
            for ends, kind, key in sides
            for a in ends
        ]

    def expected(self, start: int) -> set[tuple[str, Name]]:
        """What must be found for an artifact and its copy: planted things and where."""
        flow = self.flow()
        # Nothing upstream of what is in both, or holds provably the same, makes a difference.
        for name in list(flow):
            if name in self.kept or (name[0] == "artifact" and name[1] in self.proven):
                flow.remove_edges_from(list(flow.in_edges(name)))
        above = {("artifact", start), *nx.ancestors(flow, ("artifact", start))}
        planted = {
            name: what
            for name, what in self.planted.items()
            if name in above
            and name not in self.kept
            and not (name[0] == "artifact" and name[1] in self.proven)
        }
        return {
            (what, name)
            for name, what in planted.items()
            if what != "content" or not nx.ancestors(flow, name) & planted.keys()
        }


def _event(artifact: int, execution: int, kind: EventType, key: str) -> Event:
    return Event(artifact_id=artifact, execution_id=execution, type=kind, path=(key,))


@st.composite
def shapes(draw: st.DrawFn) -> Shape:
    artifacts, executions = draw(st.integers(2, 9)), draw(st.integers(1, 6))
    inputs: dict[int, list[int]] = {}
    outputs: dict[int, list[int]] = {}
    made: set[int] = set()
    for n in range(executions):
        cut = draw(st.integers(1, artifacts - 1))  # it reads below the cut and writes above it
        inputs[n] = sorted(draw(st.sets(st.integers(0, cut - 1), max_size=3)))
        free = [a for a in range(cut, artifacts) if a not in made]
        outputs[n] = sorted(draw(st.sets(st.sampled_from(free), max_size=2))) if free else []
        made |= set(outputs[n])
    shape = Shape(inputs, outputs, artifacts)
    flow = shape.flow()
    for name in draw(st.sets(st.sampled_from(sorted(flow)), max_size=2)):
        shape.kept |= {name, *nx.ancestors(flow, name)}
    for name in draw(st.sets(st.sampled_from(sorted(flow)), max_size=5)):
        sorts = ["parameter", "code", "input"] if name[0] == "execution" else ["content"]
        if name not in shape.kept:
            shape.planted[name] = draw(st.sampled_from(sorts))
    shape.proven = draw(st.sets(st.integers(0, artifacts - 1), max_size=2))
    return shape


def found(shape: Shape, start: int, *, swapped: bool = False) -> tuple[Divergence, ...]:
    """The divergences of an artifact and its copy."""
    starts = [
        [Ref(Kind.ARTIFACT, shape.number(("artifact", start), copy))]
        for copy in (swapped, not swapped)
    ]
    return divergences(align(Ancestry(shape.graph()), *starts))


def _names(divergence: Divergence) -> set[tuple[str, Name]]:
    what = {"rows": "content", "epochs": "parameter", "git_commit": "code", "extra": "input"}
    name = what[divergence.details[0].name]
    return {(name, _name(place.one)) for place in divergence.places if place.one is not None}


def _name(original: Ref) -> Name:
    return original.kind.value, original.id - 1


@settings(max_examples=150)
@given(shapes(), st.data())
def test_what_was_planted_is_found_and_nothing_else(shape: Shape, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, shape.artifacts - 1))
    seen = [name for divergence in found(shape, start) for name in _names(divergence)]
    assert len(seen) == len(set(seen))
    assert set(seen) == shape.expected(start)


@settings(max_examples=60)
@given(shapes(), st.data())
def test_swapped_the_answer_is_mirrored(shape: Shape, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, shape.artifacts - 1))
    mirror = {"added": "missing", "missing": "added"}
    there = found(shape, start)
    back = found(shape, start, swapped=True)
    assert [
        (
            d.cause,
            mirror.get(d.change, d.change),
            tuple((name, other, one) for name, one, other in d.details),
            tuple((other, one) for one, other in d.places),
            tuple((other, one) for one, other in d.path),
        )
        for d in there
    ] == [
        (
            d.cause,
            d.change,
            tuple(map(tuple, d.details)),
            tuple(map(tuple, d.places)),
            tuple(map(tuple, d.path)),
        )
        for d in back
    ]


@settings(max_examples=60)
@given(shapes(), st.data())
def test_each_way_leads_along_the_flow(shape: Shape, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, shape.artifacts - 1))
    flow = shape.flow()
    for divergence in found(shape, start):
        names = [_name(place.one) for place in divergence.path if place.one is not None]
        assert names[-1] == ("artifact", start)
        assert len(names) == divergence.distance + 1
        assert nx.shortest_path_length(flow, names[0], names[-1]) == divergence.distance
        assert all(flow.has_edge(*edge) for edge in itertools.pairwise(names))


@st.composite
def tangles(draw: st.DrawFn) -> Subgraph:
    """Any graph: circles, few roles, several makers."""
    artifacts, executions = draw(st.integers(2, 8)), draw(st.integers(1, 6))
    edge = st.tuples(
        st.integers(1, artifacts), st.integers(1, executions), st.booleans(), st.sampled_from("ab")
    )
    edges = draw(st.lists(edge, max_size=25))
    return Subgraph(
        artifacts=tuple(
            Artifact(id=n, type="T", custom_properties={"x": n % 3})
            for n in range(1, artifacts + 1)
        ),
        executions=tuple(
            Execution(id=n, type="E", custom_properties={"p": n % 2})
            for n in range(1, executions + 1)
        ),
        events=tuple(
            dict.fromkeys(
                _event(a, e, EventType.INPUT if is_input else EventType.OUTPUT, key)
                for a, e, is_input, key in edges
            )
        ),
    )


@settings(max_examples=150)
@given(tangles())
def test_any_tangle_is_answered_and_mirrored(graph: Subgraph) -> None:
    ancestry = Ancestry(graph)
    one, other = Ref(Kind.ARTIFACT, 1), Ref(Kind.ARTIFACT, 2)
    there, back = align(ancestry, [one], [other]), align(ancestry, [other], [one])
    assert {(b, a) for a, b in there.links} == set(back.links)
    mirrored = sorted(
        (d.cause, sorted((p.other, p.one) for p in d.places)) for d in divergences(back)
    )
    assert sorted((d.cause, sorted(d.places)) for d in divergences(there)) == mirrored
    for pair, toward in there.toward.items():
        assert (toward is None) == (there.distance[pair] == 0)
