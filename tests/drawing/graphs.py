"""Small lineages to draw: by hand, and any that hypothesis thinks of."""

from __future__ import annotations

from typing import Any

import networkx
from hypothesis import strategies as st

from lineage_graph.drawing.sketch import Sketch
from lineage_graph.model import (
    Artifact,
    Association,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ParentContext,
    Subgraph,
)

READ, MADE = EventType.INPUT, EventType.OUTPUT


def run(number: int, reads: list[int], makes: list[int], **fields: Any) -> Subgraph:
    """An execution with its events; its time is its number."""
    fields = {"type": "Train", "last_known_state": ExecutionState.COMPLETE, **fields}
    times = {"create_time_since_epoch": number * 10, "last_update_time_since_epoch": number * 10}
    return Subgraph(
        executions=(Execution(id=number, **{**times, **fields}),),
        events=tuple(
            Event(artifact_id=artifact, execution_id=number, type=kind)
            for kind, artifacts in ((READ, reads), (MADE, makes))
            for artifact in artifacts
        ),
    )


def artifacts(*numbers: int, **fields: Any) -> Subgraph:
    """Artifacts of one type."""
    fields = {"type": "Data", "create_time_since_epoch": 1, **fields}
    return Subgraph(artifacts=tuple(Artifact(id=number, **fields) for number in numbers))


def context(number: int, executions: list[int], parent: int = 0, type: str = "run") -> Subgraph:
    """A context of executions, part of another one if given."""
    return Subgraph(
        contexts=(Context(id=number, type=type, name=f"{type}-{number}"),),
        associations=tuple(Association(execution_id=e, context_id=number) for e in executions),
        parent_contexts=(ParentContext(child_id=number, parent_id=parent),) if parent else (),
    )


def together(*parts: Subgraph) -> Subgraph:
    """All parts as one lineage."""
    whole = Subgraph()
    for part in parts:
        whole = whole + part
    return whole


def keys(sketch: Sketch) -> list[str]:
    """The keys of a sketch's items."""
    return [item.key for item in sketch.items]


def ends(sketch: Sketch) -> set[tuple[str, str]]:
    """The lines of a sketch, as pairs of keys."""
    return {(line.source, line.target) for line in sketch.lines}


def graph_of(sketch: Sketch) -> networkx.DiGraph:
    """A sketch as networkx knows it."""
    graph = networkx.DiGraph()
    graph.add_nodes_from(keys(sketch))
    graph.add_edges_from(ends(sketch))
    return graph


@st.composite
def lineages(draw: st.DrawFn, circles: bool = False) -> Subgraph:
    """Any lineage of up to a dozen executions: each reads what is there, and makes what is new."""
    parts, made = [artifacts(1, 2)], 2
    for number in range(1, draw(st.integers(1, 12)) + 1):
        reads = draw(st.lists(st.integers(1, made), max_size=3, unique=True))
        new = draw(st.integers(0, 2))
        makes = list(range(made + 1, made + new + 1))
        parts.append(artifacts(*makes, type=draw(st.sampled_from(["Data", "Model"]))))
        made += new
        if circles or draw(st.booleans()):
            again = draw(st.lists(st.integers(1, made), max_size=1))
            makes += [
                a for a in again if a not in makes and (circles or (a not in reads and a > 2))
            ]
        state = draw(st.sampled_from([ExecutionState.COMPLETE, ExecutionState.CACHED]))
        step = draw(st.sampled_from(["Train", "Check"]))
        parts.append(run(number, reads, makes, type=step, last_known_state=state))
    executions = list(range(1, len(parts) // 2 + 1))
    for number in range(1, 4):
        parts.append(context(number, draw(st.lists(st.sampled_from(executions), unique=True))))
    return together(*parts)
