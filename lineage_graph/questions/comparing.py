"""Questions that lay two things side by side."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from typing import Any, cast

from lineage_graph.catalog import Param
from lineage_graph.model import Artifact, Event, Execution, Kind, Ref
from lineage_graph.questions.declare import Found, node_param, walk
from lineage_graph.questions.differences.facts import facts as facts_of
from lineage_graph.questions.differences.facts import is_flag, same_value
from lineage_graph.questions.differences.side_by_side import facts_by_part
from lineage_graph.questions.walks import plain
from lineage_graph.store import Store

_ALL = Param("all", "bool", "also what is the same in both", required=False, default=False)
_PARTS = (
    "field",
    "property",
    "custom property",
    "state",
    "parameter",
    "data",
    "code",
    "environment",
    "input",
    "output",
    "metric",
)
_NO_METRICS = ("span", "version")  # numbers by which TFX keeps its books
_ERROR = "error_message"


@walk(
    node_param("one_artifact", "id of one artifact"),
    node_param("other_artifact", "id of the other artifact"),
    _ALL,
    returns="rows part str, name str, one any, other any, same bool",
    tags="compare, artifacts",
)
def compare_artifacts(store: Store, one_artifact: int, other_artifact: int, all: bool) -> Found:
    """How do these two artifacts differ?

    Field by field: what ML Metadata knows of every artifact, then the declared and the custom
    properties. Without "all" only what differs.
    """
    one, other = (
        _fields(cast(Artifact, store.node(Ref(Kind.ARTIFACT, artifact))))
        for artifact in (one_artifact, other_artifact)
    )
    return Found(_differences(one, other, all))


def _fields(artifact: Artifact) -> dict[tuple[str, ...], Any]:
    fields: dict[tuple[str, ...], Any] = {
        ("field", "type"): artifact.type,
        ("field", "name"): artifact.name,
        ("field", "external_id"): artifact.external_id,
        ("field", "uri"): artifact.uri,
        ("field", "state"): artifact.state_word,
    }
    fields |= {("property", name): plain(v) for name, v in sorted(artifact.properties.items())}
    custom = sorted(artifact.custom_properties.items())
    return fields | {("custom property", name): plain(value) for name, value in custom}


@walk(
    node_param("one_context", "id of one run"),
    node_param("other_context", "id of the other run"),
    _ALL,
    returns="rows part str, step str, name str, one any, other any, same bool",
    tags="compare, runs",
)
def compare_runs(store: Store, one_context: int, other_context: int, all: bool) -> Found:
    """How do these two runs differ?

    Step by step: states, parameters, data, code and environment (what is recorded of the execution),
    inputs and outputs (by argument), and metrics (what the step measured, and numbers on what it
    wrote). A step is known by its name; where a run repeats it, by its turn too. What tools note to
    keep their books is left out. Without "all" only what differs.
    """
    one, one_cut = _run(store, one_context)
    other, other_cut = _run(store, other_context)
    return Found(_differences(one, other, all), truncated=one_cut or other_cut)


def _run(store: Store, context: int) -> tuple[dict[tuple[str, ...], Any], bool]:
    """Everything about a run that can be compared, by part, step and name."""
    listed = store.run(store.catalog["executions_of_run"], context=context)
    answer = store.run(store.catalog["run_as_graph"], context=context)
    assert answer.graph is not None
    executions = {e.id: e for e in answer.graph.executions}
    artifacts = {a.id: a for a in answer.graph.artifacts}
    events: dict[int, list[Event]] = defaultdict(list)
    for event in answer.graph.events:
        events[event.execution_id].append(event)
    facts: dict[tuple[str, ...], Any] = {}
    turns: Counter[str] = Counter()
    column = listed.columns.index("step") if listed.rows else 0
    for row in listed.rows:
        turns[row[column]] += 1
        turn = turns[row[column]]
        step = row[column] if turn == 1 else f"{row[column]} #{turn}"
        if row[0] in executions:
            facts |= _step(step, executions[row[0]], events[row[0]], artifacts)
    return facts, listed.truncated or answer.truncated


def _step(
    step: str,
    execution: Execution,
    events: list[Event],
    artifacts: Mapping[int | None, Artifact],
) -> dict[tuple[str, ...], Any]:
    facts: dict[tuple[str, ...], Any] = {("state", step, "state"): execution.state_word}
    if _ERROR in execution.custom_properties:
        facts["state", step, _ERROR] = plain(execution.custom_properties[_ERROR])
    facts |= {key: plain(value) for key, value in facts_by_part(execution, step)}
    for event in events:
        part = "input" if event.type.is_input else "output"
        artifact = artifacts[event.artifact_id]
        argument = "/".join(map(str, event.path)) or artifact.type or ""
        held = facts.setdefault((part, step, argument), [])
        held.append(str(artifact.ref))
        if part == "output":
            for (cause, name), value in facts_of(artifact).items():
                if is_flag(cause, value) and name not in _NO_METRICS:
                    facts["metric", step, f"{argument}.{name}"] = value
    for key, value in facts.items():
        if key[0] in ("input", "output"):
            facts[key] = ", ".join(sorted(value))
    return facts


def _differences(
    one: Mapping[tuple[str, ...], Any], other: Mapping[tuple[str, ...], Any], everything: bool
) -> list[tuple[Any, ...]]:
    """Rows of both mappings side by side, in the order of their parts, then as they come."""
    rows = []
    keys = dict.fromkeys((*one, *other))
    for key in sorted(keys, key=lambda key: _PARTS.index(key[0])):
        left, right = one.get(key), other.get(key)
        same = key in one and key in other and same_value(left, right)
        if everything or not same:
            rows.append((*key, left, right, same))
    return rows
