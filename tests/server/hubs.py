"""A store of nodes that have very many of something: readers, inputs, members, contexts, columns, properties."""

from __future__ import annotations

from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    Attribution,
    ColumnLineage,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionType,
    Subgraph,
)
from lineage_graph.store import Store

BATCH = 5_000
TYPES = Subgraph(
    artifact_types=(ArtifactType(name="Dataset"), ArtifactType(name="Model")),
    execution_types=(ExecutionType(name="Train"), ExecutionType(name="Join")),
    context_types=(ContextType(name="Run"), ContextType(name="Team")),
)


def fill(
    store: Store, many: int, columns: int, contexts: int, properties: int, letters: int
) -> None:
    """Make the hubs: the dataset and its readers first, so that their ids are known.

    Artifact 1 is read by ``many`` executions (1 to ``many``) that each write a model and belong to
    context 1. The next execution reads ``many`` artifacts. Then two artifacts of many columns, one
    in many contexts, two of many properties.
    """
    store.put(TYPES)
    hub = store.put(Subgraph(artifacts=(Artifact(type="Dataset", name="hub"),))).artifact_ids[0]
    run = store.put(Subgraph(contexts=(Context(type="Run", name="all of them"),))).context_ids[0]
    for start in range(0, many, BATCH):
        store.put(_readers(hub, run, range(start, min(start + BATCH, many))))
    join = store.put(Subgraph(executions=(Execution(type="Join", name="join"),))).execution_ids[0]
    for start in range(0, many, BATCH):
        store.put(_inputs(join, range(start, min(start + BATCH, many))))
    store.put(_wide(columns))
    store.put(_in_contexts(contexts))
    store.put(_long(properties, letters))


def _readers(hub: int, run: int, numbers: range) -> Subgraph:
    ids = [-1 - n for n in range(len(numbers))]
    events = [
        event
        for one in ids
        for event in (
            Event(artifact_id=hub, execution_id=one, type=EventType.INPUT),
            Event(artifact_id=one, execution_id=one, type=EventType.OUTPUT),
        )
    ]
    return Subgraph(
        executions=tuple(
            Execution(id=i, type="Train", name=f"t{n}") for i, n in zip(ids, numbers, strict=True)
        ),
        artifacts=tuple(
            Artifact(id=i, type="Model", name=f"m{n}") for i, n in zip(ids, numbers, strict=True)
        ),
        events=tuple(events),
        associations=tuple(Association(execution_id=one, context_id=run) for one in ids),
    )


def _inputs(join: int, numbers: range) -> Subgraph:
    ids = [-1 - n for n in range(len(numbers))]
    return Subgraph(
        artifacts=tuple(
            Artifact(id=i, type="Dataset", name=f"part{n}", uri=f"s3://lake/part{n}")
            for i, n in zip(ids, numbers, strict=True)
        ),
        events=tuple(
            Event(artifact_id=one, execution_id=join, type=EventType.INPUT) for one in ids
        ),
    )


def _wide(columns: int) -> Subgraph:
    """A table of which each column is made of two columns of one other table, one of them indirectly."""
    return Subgraph(
        artifacts=(
            Artifact(id=-1, type="Dataset", name="narrow end"),
            Artifact(id=-2, type="Dataset", name="wide end"),
        ),
        executions=(Execution(id=-1, type="Join", name="widen"),),
        events=(
            Event(artifact_id=-1, execution_id=-1, type=EventType.INPUT),
            Event(artifact_id=-2, execution_id=-1, type=EventType.OUTPUT),
        ),
        columns=tuple(
            ColumnLineage(
                source_id=-1,
                source_column=f"s{(n + shift) % columns}",
                target_id=-2,
                target_column=f"c{n}",
                kind=kind,
            )
            for n in range(columns)
            for shift, kind in ((0, "DIRECT"), (1, "INDIRECT FILTER"))
        ),
    )


def _in_contexts(contexts: int) -> Subgraph:
    ids = [-1 - n for n in range(contexts)]
    return Subgraph(
        artifacts=(Artifact(id=-1, type="Dataset", name="everybody's"),),
        contexts=tuple(Context(id=i, type="Team", name=f"team {-i}") for i in ids),
        attributions=tuple(Attribution(artifact_id=-1, context_id=i) for i in ids),
    )


def _long(properties: int, letters: int) -> Subgraph:
    values = {f"key{n}": f"value {n}" for n in range(properties)}
    held = {"text": ("many words " * letters)[:letters], **values}
    return Subgraph(
        artifacts=tuple(
            Artifact(id=-1 - n, type="Model", name=f"long {n}", custom_properties={**held, "n": n})
            for n in range(2)
        ),
        executions=(Execution(id=-1, type="Train", name="long", custom_properties=held),),
        contexts=(Context(id=-1, type="Run", name="long", custom_properties=held),),
    )
