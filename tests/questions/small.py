"""A small graph with what the real pipeline has not: outside data, twins, a run that never ended."""

from __future__ import annotations

from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    ColumnLineage,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    ParentContext,
    PropertyKind,
    Subgraph,
)

IN, OUT, PENDING = EventType.INPUT, EventType.OUTPUT, EventType.PENDING_OUTPUT


def event(artifact: int, execution: int, kind: EventType) -> Event:
    """An event between local ids."""
    return Event(
        artifact_id=-artifact, execution_id=-execution, type=kind, milliseconds_since_epoch=5000
    )


SMALL = Subgraph(
    artifact_types=(
        ArtifactType(name="Table", properties={"digest": PropertyKind.STRING}),
        ArtifactType(name="Model"),
    ),
    execution_types=(ExecutionType(name="Train"), ExecutionType(name="Serve")),
    context_types=(ContextType(name="pipeline"), ContextType(name="pipeline_run")),
    # 1 and 2 came from outside and are the same content; 3 and 4 have the same URI; 3 is deployed.
    artifacts=(
        Artifact(id=-1, type="Table", uri="s3://a", properties={"digest": "d1"}),
        Artifact(id=-2, type="Table", uri="s3://b", properties={"digest": "d1"}),
        Artifact(id=-3, type="Model", uri="s3://m", custom_properties={"deployed": True}),
        Artifact(id=-4, type="Model", uri="s3://m", custom_properties={"accuracy": 0.5}),
        Artifact(id=-5, type="Model"),
    ),
    # 1 trained 3; 2 failed, with 5 half written; 3 failed on 5; 4 still runs.
    executions=(
        Execution(
            id=-1,
            type="Train",
            last_known_state=ExecutionState.COMPLETE,
            custom_properties={"epochs": 5},
            create_time_since_epoch=1000,
            last_update_time_since_epoch=1500,
        ),
        Execution(
            id=-2,
            type="Train",
            last_known_state=ExecutionState.FAILED,
            custom_properties={"epochs": 7, "error_message": "out of disk"},
            create_time_since_epoch=2000,
            last_update_time_since_epoch=2400,
        ),
        Execution(
            id=-3,
            type="Serve",
            last_known_state=ExecutionState.FAILED,
            create_time_since_epoch=3000,
            last_update_time_since_epoch=3100,
        ),
        Execution(
            id=-4,
            type="Train",
            last_known_state=ExecutionState.RUNNING,
            create_time_since_epoch=4000,
            last_update_time_since_epoch=4000,
        ),
    ),
    contexts=(
        Context(id=-1, type="pipeline", name="p"),
        Context(
            id=-2, type="pipeline_run", name="one", custom_properties={"git_commit": "0123abcd"}
        ),
        Context(id=-3, type="pipeline_run", name="two"),
    ),
    events=(
        event(1, 1, IN),
        event(3, 1, OUT),
        event(2, 2, IN),
        event(5, 2, PENDING),
        event(5, 3, IN),
        event(1, 4, IN),
    ),
    associations=(
        Association(execution_id=-1, context_id=-2),
        Association(execution_id=-2, context_id=-3),
        Association(execution_id=-4, context_id=-3),
    ),
    parent_contexts=(
        ParentContext(child_id=-2, parent_id=-1),
        ParentContext(child_id=-3, parent_id=-1),
    ),
    # Model 3 holds what table 1 says in x, and was chosen by what table 2 says in y.
    columns=(
        ColumnLineage(
            source_id=-1, source_column="x", target_id=-3, target_column="weights", kind="DIRECT"
        ),
        ColumnLineage(
            source_id=-2, source_column="y", target_id=-3, target_column="*", kind="INDIRECT"
        ),
    ),
)
