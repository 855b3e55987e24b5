"""Writer of CycloneDX 1.6 in JSON."""

from __future__ import annotations

import json
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from importlib.metadata import version
from typing import IO, Any

from lineage_graph.exchange.cyclonedx.cards import (
    OWN,
    Part,
    component_of,
    own_property,
    parameters_of,
    text_of,
)
from lineage_graph.exchange.flow import DataFlow, moment_of, title_of
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import BaseType, Context, Execution, ExecutionState, Kind, Subgraph

_TASKS = {
    BaseType.TRAIN: "build",
    BaseType.TRANSFORM: "build",
    BaseType.EVALUATE: "test",
    BaseType.DEPLOY: "deploy",
}
_ENDED = (ExecutionState.COMPLETE, ExecutionState.FAILED, ExecutionState.CANCELED, ExecutionState.CACHED)  # fmt: skip
_UNHELD = {
    "events": "paths and kinds of events",
    "parent_contexts": "contexts that contexts are part of",
    "attributions": "contexts of artifacts",
    "same_as": "links of the same thing seen by several tools",
    "columns": "links between columns",
}


def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write a CycloneDX 1.6 ML-BOM: models with their cards, data, and how they were made.

    Each artifact is a component, of what a model was made from its datasets, base models and commits
    are named; ``dependencies`` say what was made from what, ``formulation`` which steps did it, by runs,
    with parameters and times. Hyperparameters and metrics stand in the model's card. What it is
    about, where that is an artifact, is ``metadata.component``. It loses kinds of values (all are
    texts), event paths and types, and contexts but runs. The document is made in memory.
    """
    graph = collected(batches)
    lost = Counter(
        {why: len(getattr(graph, name)) for name, why in _UNHELD.items() if name != "events"}
    )
    lost[_UNHELD["events"]] = sum(1 for event in graph.events if event.path)
    document = _document(DataFlow(graph), about)
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    stream.write(text.encode("utf-8", "replace") + b"\n")
    return Counter({why: count for why, count in lost.items() if count})


def _document(flow: DataFlow, about: About) -> Part:
    subject = None
    if about.start is not None and about.start.kind is Kind.ARTIFACT:
        subject = flow.artifacts.get(about.start.id)
    parts = {id: component_of(flow, artifact) for id, artifact in flow.artifacts.items()}
    tool = {"type": "application", "name": OWN, "version": version(OWN)}
    now = datetime.now(timezone.utc)
    metadata: Part = {
        "timestamp": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "tools": {"components": [tool]},
        "component": {"type": "application", "name": about.title, "bom-ref": OWN},
    }
    if subject is not None:
        metadata["component"] = parts.pop(subject.id or 0)
    called = f"{about.store}/{about.start or 'store'}/{now.isoformat()}"
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, called)}",
        "version": 1,
        "metadata": metadata,
        "components": list(parts.values()),
        "dependencies": [*_dependencies(flow, subject is None)],
        **_formulation(flow),
    }


def _dependencies(flow: DataFlow, whole: bool) -> Iterator[Part]:
    """Yield what was made from what; the whole depends on what nothing else was made from."""
    used = set()
    for id, artifact in flow.artifacts.items():
        made_from = flow.made_from(id)
        used.update(made_from)
        on = [str(flow.artifacts[one].ref) for one in made_from]
        yield {"ref": str(artifact.ref), **({"dependsOn": on} if on else {})}
    if whole:
        tops = [str(artifact.ref) for id, artifact in flow.artifacts.items() if id not in used]
        yield {"ref": OWN, "dependsOn": tops}


def _formulation(flow: DataFlow) -> Part:
    """Return the steps, each in the workflow of its first run."""
    runs: dict[int, list[Execution]] = defaultdict(list)
    for execution in flow.executions.values():
        held = [context for context in flow.above[execution.id or 0] if context.is_run]
        runs[held[0].id or 0 if held else 0].append(execution)
    workflows = [_workflow(flow, flow.contexts.get(run), steps) for run, steps in runs.items()]
    return {"formulation": [{"workflows": workflows}]} if workflows else {}


def _workflow(flow: DataFlow, run: Context | None, steps: list[Execution]) -> Part:
    here = {step.id for step in steps}
    waits: list[Part] = []
    for step in steps:
        before = dict.fromkeys(
            maker
            for artifact in flow.read[step.id or 0]
            for maker in flow.makers[artifact]
            if maker in here and maker != step.id
        )
        on = [str(flow.executions[one].ref) for one in before]
        waits.append({"ref": str(step.ref), **({"dependsOn": on} if on else {})})
    ref = "steps" if run is None else str(run.ref)
    tasks = [_task(flow, step) for step in steps]
    return {
        "bom-ref": ref,
        "uid": ref if run is None else run.origin or ref,
        "name": "Steps of no run" if run is None else title_of(run),
        "taskTypes": sorted({kind for task in tasks for kind in task["taskTypes"]}),
        "tasks": tasks,
        "taskDependencies": waits,
    }


def _task(flow: DataFlow, step: Execution) -> Part:
    id = step.id or 0
    inputs: list[Part] = [_resource(flow, one) for one in flow.read[id]]
    given = [
        {"name": name, "value": text_of(value), "dataType": type(value).__name__}
        for name, value in parameters_of(step).items()
    ]
    if given:
        inputs.append({"parameters": given})
    task: Part = {
        "bom-ref": str(step.ref),
        "uid": step.origin or str(step.ref),
        "name": title_of(step),
        "taskTypes": [_TASKS.get(flow.base(step) or BaseType.PROCESS, "other")],
        "properties": [
            own_property("type", step.type or ""),
            *([] if (state := step.state_word) is None else [own_property("state", state)]),
        ],
    }
    if inputs:
        task["inputs"] = inputs
    if outputs := [{"type": "artifact", **_resource(flow, one)} for one in flow.wrote[id]]:
        task["outputs"] = outputs
    if step.create_time_since_epoch:
        task["timeStart"] = moment_of(step.create_time_since_epoch)
    if step.last_update_time_since_epoch and step.last_known_state in _ENDED:
        task["timeEnd"] = moment_of(step.last_update_time_since_epoch)
    return task


def _resource(flow: DataFlow, artifact: int) -> dict[str, Any]:
    return {"resource": {"ref": str(flow.artifacts[artifact].ref)}}
