"""An awkward store: odd names, equal times, a circle, several runs, what was given up, numbers as text.

What is given no time gets one of its own: a store notes when it was told.
"""

from __future__ import annotations

import json
from typing import Any

from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    BaseType,
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

IN, OUT = EventType.INPUT, EventType.OUTPUT
FRAME = "system.DAGExecution"


def made(id: int, type: str, at: int | None, **fields: Any) -> Artifact:
    """An artifact."""
    at = 700 + id if at is None else at
    times = {"create_time_since_epoch": at, "last_update_time_since_epoch": at}
    return Artifact(id=id, type=type, **{**times, **fields})


def step(
    id: int, type: str, state: str | None, begin: int | None, end: int | None, **fields: Any
) -> Execution:
    """An execution."""
    begin = 700 + id if begin is None else begin
    end = begin if end is None else end
    return Execution(
        id=id,
        type=type,
        last_known_state=None if state is None else ExecutionState(state),
        create_time_since_epoch=begin,
        last_update_time_since_epoch=end,
        **fields,
    )


def context(id: int, type: str, name: str, at: int | None, **fields: Any) -> Context:
    """A context."""
    at = 700 + id if at is None else at
    return Context(
        id=id,
        type=type,
        name=name,
        create_time_since_epoch=at,
        last_update_time_since_epoch=at,
        **fields,
    )


def event(
    artifact: int, execution: int, type: EventType, at: int | None = None, *path: str | int
) -> Event:
    """An event."""
    at = 800 + artifact if at is None else at
    return Event(
        artifact_id=artifact,
        execution_id=execution,
        type=type,
        path=path,
        milliseconds_since_epoch=at,
    )


AWKWARD = Subgraph(
    artifact_types=(
        ArtifactType(name="Table", properties={"digest": PropertyKind.STRING}),
        ArtifactType(name="déjà/vu.Model", base_type=BaseType.MODEL),
        ArtifactType(name="PushedModel", base_type=BaseType.MODEL),
        ArtifactType(name='"Report"'),
    ),
    execution_types=(
        ExecutionType(name="a.b.Train", properties={"p": PropertyKind.INT}),
        ExecutionType(name="Evaluate it", base_type=BaseType.EVALUATE),
        ExecutionType(name="Pusher"),
        ExecutionType(name="Look/Resolver"),
        ExecutionType(name=FRAME),
    ),
    context_types=(
        ContextType(name="pipeline"),
        ContextType(name="Pipeline Run"),
        ContextType(name="node"),
    ),
    artifacts=(
        made(
            1,
            "Table",
            100,
            name='it\'s "odd" `x` \\ é 数 🙂',
            uri="s3://a/b",
            properties={"digest": "d1"},
        ),
        made(2, "Table", None, name="", uri="s3://a/b", custom_properties={"digest": "d1"}),
        made(3, "Table", 50, uri="s3://a/b", custom_properties={"sha256": "d2"}),
        made(4, "déjà/vu.Model", 300, name="m", uri="", state=ArtifactState.LIVE),
        made(5, "déjà/vu.Model", None, name="m2", state=ArtifactState.ABANDONED),
        made(6, "déjà/vu.Model", 200, state=ArtifactState.DELETED),
        made(7, "PushedModel", 400, custom_properties={"pushed": 0}),
        made(8, '"Report"', 60, uri="s3://a/b"),
        made(9, "Table", None, uri="s3://lonely"),
        made(10, "PushedModel", 410, custom_properties={"pushed": 1}),
    ),
    executions=(
        step(
            1,
            "a.b.Train",
            "COMPLETE",
            100,
            200,
            properties={"p": 5},
            custom_properties={"p": "5.0"},
        ),
        step(
            2,
            "a.b.Train",
            "FAILED",
            150,
            160,
            custom_properties={"p": 5.0, "error_message": 'it\'s "broken"\n\u2028é'},
        ),
        step(3, "a.b.Train", "CACHED", None, None, custom_properties={"p": "five"}),
        step(4, "Evaluate it", "COMPLETE", 300, 300, custom_properties={"p": True}),
        step(5, "Pusher", "RUNNING", None, None, custom_properties={"p": "TRUE"}),
        step(6, "Look/Resolver", "FAILED", None, None),
        step(7, FRAME, "RUNNING", 90, 90),
        step(
            8,
            "a.b.Train",
            None,
            250,
            270,
            custom_properties={
                "p": 1e-05,
                "git_commit": "0123abcdef",
                'a "b': 0.5,
                "metric_names": json.dumps(['a "b', "pp"]),
            },
        ),
        step(9, "a.b.Train", "CANCELED", 260, 280, custom_properties={"p": "1e-5"}),
        step(10, "a.b.Train", "NEW", 500, None),
        step(11, "a.b.Train", "FAILED", None, None, custom_properties={"error": "no time"}),
        step(12, "Evaluate it", "CACHED", 310, 320),
        step(13, "Pusher", "COMPLETE", None, 410),
    ),
    contexts=(
        context(1, "pipeline", "p'1", 10),
        context(2, "Pipeline Run", 'run "one"', 100, custom_properties={"git_commit": "0123abcd"}),
        context(3, "Pipeline Run", "run two", None),
        context(4, "Pipeline Run", "run three 数", 300),
        context(5, "Pipeline Run", "empty", 400),
        context(6, "node", "p'1.train", None),
        context(7, "pipeline", "no runs", None),
        context(8, "Pipeline Run", "run four", 500),
    ),
    events=(
        event(1, 1, IN, 100, "data", 0),
        event(2, 1, IN, None, "data", 1),
        event(2, 1, EventType.DECLARED_INPUT, 90, "data", 1),
        event(4, 1, OUT, 200, "model", 0),
        event(3, 2, IN, 150),
        event(5, 2, EventType.PENDING_OUTPUT, None, "model", 0),
        event(1, 3, IN, None, "data", 0),
        event(4, 3, OUT, 900, "model", 0),
        event(4, 4, IN, 300, "model", 0),
        event(6, 4, IN, 300, "baseline_model", 0),
        event(8, 4, OUT, None, 'it\'s "é"', 0),
        event(4, 12, IN, None, "baseline_model", 0),
        event(8, 12, OUT, 320, "report", 0),
        event(4, 5, IN, None),
        event(7, 5, EventType.DECLARED_OUTPUT, 50),
        event(4, 6, EventType.INTERNAL_OUTPUT, 80),
        event(8, 8, IN, 250),  # in a circle: the report leads to a model that is reported on
        event(6, 8, OUT, 270),
        event(9, 9, IN, None),
        event(9, 9, OUT, None),
        event(4, 13, IN, None),
        event(10, 13, OUT, None),
        event(10, 11, IN, None),
    ),
    associations=(
        *(Association(execution_id=n, context_id=2) for n in (1, 4, 6, 7)),
        *(Association(execution_id=n, context_id=3) for n in (2, 5)),
        *(Association(execution_id=n, context_id=4) for n in (3, 8, 12)),
        *(Association(execution_id=n, context_id=8) for n in (9, 11)),
        Association(execution_id=1, context_id=6),
        Association(execution_id=2, context_id=4),
    ),
    attributions=(
        Attribution(artifact_id=1, context_id=1),
        Attribution(artifact_id=1, context_id=2),
        Attribution(artifact_id=4, context_id=2),
        Attribution(artifact_id=5, context_id=3),
        Attribution(artifact_id=2, context_id=4),
        Attribution(artifact_id=9, context_id=6),
    ),
    parent_contexts=(
        *(ParentContext(child_id=n, parent_id=1) for n in (2, 3, 4, 5, 8)),
        ParentContext(child_id=6, parent_id=7),
    ),
)
