"""Small subgraphs for the tests of the store."""

from __future__ import annotations

from typing import Any

from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionType,
    PropertyKind,
    Subgraph,
)
from lineage_graph.store import Store

DATA = ArtifactType(
    name="Data",
    properties={
        "i": PropertyKind.INT,
        "d": PropertyKind.DOUBLE,
        "s": PropertyKind.STRING,
        "t": PropertyKind.STRUCT,
        "p": PropertyKind.PROTO,
        "b": PropertyKind.BOOLEAN,
    },
)
STEP = ExecutionType(name="Step", properties={"i": PropertyKind.INT})
RUN = ContextType(name="Run", properties={"i": PropertyKind.INT})
TYPES = Subgraph(artifact_types=(DATA,), execution_types=(STEP,), context_types=(RUN,))


def with_types(store: Store) -> Store:
    """Put the types ``Data``, ``Step`` and ``Run``."""
    store.put(TYPES)
    return store


def put_artifact(store: Store, **fields: Any) -> int:
    """Put one artifact and return its id."""
    node = Artifact(**{"type": "Data", **fields})
    return store.put(Subgraph(artifacts=(node,))).artifact_ids[0]


def put_execution(store: Store, **fields: Any) -> int:
    """Put one execution and return its id."""
    node = Execution(**{"type": "Step", **fields})
    return store.put(Subgraph(executions=(node,))).execution_ids[0]


def put_context(store: Store, name: str, **fields: Any) -> int:
    """Put one context and return its id."""
    node = Context(**{"type": "Run", "name": name, **fields})
    return store.put(Subgraph(contexts=(node,))).context_ids[0]


def put_graph(
    store: Store, artifacts: int, executions: int, edges: list[tuple[int, int, bool]]
) -> None:
    """Put a graph into a store without nodes: ids begin at 1; an edge is artifact, execution, is input."""
    events = {
        (artifact, execution, is_input): Event(
            artifact_id=-1 - artifact,
            execution_id=-1 - execution,
            type=EventType.INPUT if is_input else EventType.OUTPUT,
        )
        for artifact, execution, is_input in edges
    }
    nodes = Subgraph(
        artifact_types=(DATA,),
        execution_types=(STEP,),
        artifacts=tuple(Artifact(id=-1 - n, type="Data") for n in range(artifacts)),
        executions=tuple(Execution(id=-1 - n, type="Step") for n in range(executions)),
        events=tuple(events.values()),
    )
    store.put(nodes)
