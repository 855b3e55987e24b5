"""Publisher: turns what is known about a run or a step into a record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from lineage_graph.charts.metric_history import origin_of
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    ParentContext,
    Properties,
    Subgraph,
)
from lineage_graph.model.metrics import HISTORY, METRIC_NAMES, metric_names_text
from lineage_graph.model.secrets import without_secrets
from lineage_graph.recorder.inputs import Input
from lineage_graph.recorder.metrics import Histories
from lineage_graph.recorder.record import Record
from lineage_graph.recorder.run_facts import RunFacts, run_origin

METRICS = "Metrics"
"""Type of the artifact that keeps a step's metrics over time."""
PIPELINE, RUN, NODE = "pipeline", "pipeline_run", "node"
_PIPELINE_ID, _RUN_ID, _NODE_ID, _EXECUTION_ID = -1, -2, -3, -1
_CONTEXT_TYPES = tuple(ContextType(name=name) for name in (PIPELINE, RUN, NODE))


@dataclass
class RecordedOutput:
    """An artifact a step makes and the key and index under which it does.

    ``is_new`` is False where a cached step made it before: it has an id, and stays as it is.
    ``is_live`` is True where it can be used before the step ends.
    """

    key: str
    index: int
    artifact: Artifact
    is_new: bool = False
    is_live: bool = False


@dataclass
class Facts:
    """Everything known about a step so far. Times are milliseconds since the epoch.

    ``metrics`` says which of the custom properties were measured: the others were given.
    """

    pipeline: str
    run: str
    step: str
    origin: str
    started: int = 0
    updated: int = 0
    state: ExecutionState = ExecutionState.RUNNING
    inputs: list[Input] = field(default_factory=list)
    outputs: list[RecordedOutput] = field(default_factory=list)
    custom: Properties = field(default_factory=dict)
    metrics: set[str] = field(default_factory=set)
    histories: Histories = field(default_factory=Histories)


def run_record(pipeline: str, run: str, facts: RunFacts) -> Record:
    """Return the record of a run: its context, with what is told of it, below its pipeline's."""
    values, moment = facts.take()
    parent, context = _contexts(pipeline, run, None, facts.began)
    changes = {
        "origin": run_origin(pipeline, run),
        "custom_properties": values,
        "last_update_time_since_epoch": moment,
    }
    subgraph = Subgraph(
        context_types=_CONTEXT_TYPES[:2],
        contexts=(parent, context.model_copy(update=changes)),
        parent_contexts=(ParentContext(child_id=_RUN_ID, parent_id=_PIPELINE_ID),),
    )
    return Record(subgraph=without_secrets(subgraph))


def _contexts(pipeline: str, run: str, step: str | None, now: int) -> tuple[Context, ...]:
    # Names are unique within a type, so a run's and a node's begin with their pipeline's.
    names = [(PIPELINE, pipeline), (RUN, f"{pipeline}.{run}")]
    if step is not None:
        names.append((NODE, f"{pipeline}.{step}"))
    return tuple(
        Context(id=-number, type=type_name, name=name, create_time_since_epoch=now)
        for number, (type_name, name) in enumerate(names, 1)
    )


def step_record(
    facts: Facts, store: str | None, only: Sequence[RecordedOutput] | None = None
) -> Record:
    """Return the record of a step: its execution, what it read and made, and its contexts.

    An output has one event: OUTPUT where the step succeeded, or at once where it is live,
    PENDING_OUTPUT where the step did not succeed. ``store`` is the identity of the store whose ids
    the artifacts have. Metrics that were logged more than once are kept over time in an artifact of
    their own, which is live at once. ``only`` are the outputs to record, where earlier records of the
    step hold everything else: so a step of many outputs does not write all of them with each.
    """
    borrowed: dict[str, Artifact] = {}
    events = list(_input_events(facts, borrowed)) if only is None else []
    outputs = facts.outputs if only is None else only
    made, ids = _made(outputs, -len(borrowed) - 1)
    events += _output_events(facts, outputs, ids)
    history = _history(facts, -len(borrowed) - len(made) - 1)
    if history is not None:
        ids.append(history.id or 0)
        made.append(history)
        events.append(_event(facts, ids[-1], EventType.OUTPUT, HISTORY, 0, facts.updated))
    artifacts = (*borrowed.values(), *made)
    contexts = _contexts(facts.pipeline, facts.run, facts.step, facts.started)
    context_ids = [context.id or 0 for context in contexts]
    subgraph = Subgraph(
        context_types=_CONTEXT_TYPES,
        execution_types=(ExecutionType(name=facts.step),),
        artifact_types=tuple(
            ArtifactType(name=name) for name in dict.fromkeys(a.type or "" for a in artifacts)
        ),
        contexts=contexts,
        executions=(_execution(facts),),
        artifacts=artifacts,
        events=tuple(events),
        associations=tuple(
            Association(execution_id=_EXECUTION_ID, context_id=context) for context in context_ids
        ),
        attributions=tuple(
            Attribution(artifact_id=artifact, context_id=context)
            for artifact in dict.fromkeys(ids)
            for context in context_ids
        ),
    )
    names_ids = any(event.artifact_id > 0 for event in events)
    return Record(
        subgraph=_without_secrets(subgraph, made),
        borrowed=tuple(artifact.id or 0 for artifact in borrowed.values()),
        store=store if names_ids else None,
    )


def _without_secrets(subgraph: Subgraph, made: Iterable[Artifact]) -> Subgraph:
    """Return the subgraph with secrets masked; a step whose results were masked is not reused."""
    kept = without_secrets(subgraph)
    (was,), (execution,) = subgraph.executions, kept.executions
    if "cache_key" not in was.custom_properties:
        return kept
    returned, said = (one.custom_properties.get("returned") for one in (was, execution))
    addresses = {artifact.id: artifact.uri for artifact in kept.artifacts}
    if returned == said and all(addresses[artifact.id] == artifact.uri for artifact in made):
        return kept
    # Set empty: if it were left out, the key recorded at the start would stay.
    custom = {**execution.custom_properties, "cache_key": ""}
    changes = {"executions": (execution.model_copy(update={"custom_properties": custom}),)}
    return kept.model_copy(update=changes)


def _execution(facts: Facts) -> Execution:
    measured: Properties = {METRIC_NAMES: metric_names_text(facts.metrics)} if facts.metrics else {}
    return Execution(
        id=_EXECUTION_ID,
        type=facts.step,
        origin=facts.origin,
        last_known_state=facts.state,
        custom_properties={**facts.custom, **measured},
        create_time_since_epoch=facts.started,
        last_update_time_since_epoch=facts.updated,
    )


def _input_events(facts: Facts, borrowed: dict[str, Artifact]) -> Iterable[Event]:
    """Yield the events of the inputs; add those that have no id in the store to ``borrowed``."""
    seen: set[int] = set()
    for given in facts.inputs:
        artifact = given.artifact
        artifact_id = artifact.id or 0
        if artifact_id <= 0:
            origin = artifact.origin or ""
            if origin not in borrowed:
                borrowed[origin] = artifact.model_copy(update={"id": -len(borrowed) - 1})
            artifact_id = borrowed[origin].id or 0
        if artifact_id not in seen:  # two keys for one artifact: an event is one for the pair
            seen.add(artifact_id)
            yield _event(facts, artifact_id, EventType.INPUT, given.key, given.index, facts.started)


def _made(outputs: Sequence[RecordedOutput], first: int) -> tuple[list[Artifact], list[int]]:
    """Return the artifacts of the step's own making, and the ids of all outputs, stored or local."""
    made: list[Artifact] = []
    ids: list[int] = []
    for output in outputs:
        if output.is_new:
            local = first - len(made)
            made.append(output.artifact.model_copy(update={"id": local, "type_id": None}))
            ids.append(local)
        else:
            ids.append(output.artifact.id or 0)
    return made, ids


def _history(facts: Facts, local: int) -> Artifact | None:
    """Return the artifact of the step's metrics over time, None where none was logged twice."""
    kept = facts.histories.properties()
    if not kept:
        return None
    return Artifact(
        id=local,
        type=METRICS,
        origin=origin_of(facts.origin),
        state=ArtifactState.LIVE,
        custom_properties=kept,
        create_time_since_epoch=facts.started,
        last_update_time_since_epoch=facts.updated,
    )


def _output_events(
    facts: Facts, outputs: Sequence[RecordedOutput], ids: list[int]
) -> Iterable[Event]:
    """Yield the events of the outputs that are known to be made, or not to be."""
    runs = facts.state is ExecutionState.RUNNING
    succeeded = facts.state in (ExecutionState.COMPLETE, ExecutionState.CACHED)
    for artifact_id, output in zip(ids, outputs, strict=True):
        if runs and not output.is_live:
            continue
        kind = EventType.OUTPUT if succeeded or output.is_live else EventType.PENDING_OUTPUT
        made = output.artifact.last_update_time_since_epoch if output.is_live else facts.updated
        yield _event(facts, artifact_id, kind, output.key, output.index, made or facts.updated)


def _event(facts: Facts, artifact: int, kind: EventType, key: str, index: int, at: int) -> Event:
    return Event(
        artifact_id=artifact,
        execution_id=_EXECUTION_ID,
        type=kind,
        path=(key, index),
        milliseconds_since_epoch=at,
    )
