"""Every filter finds what it finds on the original, but for differences that are meant.

tests/data/mlmd_filters.json holds what ML Metadata 1.17.1 answered; see make_recordings.py.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    Execution,
    ExecutionType,
    Kind,
    ParentContext,
    PropertyKind,
    Subgraph,
)
from lineage_graph.store import Find, Store
from tests.conftest import DATA
from tests.filters import world
from tests.filters.differences import DIFFERENCES

RECORDED: dict[str, dict[str, Any]] = json.loads((DATA / "mlmd_filters.json").read_text("utf-8"))
INVALID = 3


def types(kind: str, cls: Any) -> tuple[Any, ...]:
    return tuple(
        cls(name=name, properties={key: PropertyKind[value] for key, value in properties.items()})
        for name, properties in world.TYPES[kind].items()
    )


def nodes(kind: str, cls: Any) -> tuple[Any, ...]:
    return tuple(cls(id=-number, **given) for number, given in enumerate(world.NODES[kind], 1))


def the_world() -> Subgraph:
    """The store of the recordings as a subgraph."""
    return Subgraph(
        artifact_types=types("artifact", ArtifactType),
        execution_types=types("execution", ExecutionType),
        context_types=types("context", ContextType),
        artifacts=nodes("artifact", Artifact),
        executions=nodes("execution", Execution),
        contexts=nodes("context", Context),
        events=tuple(
            Event(artifact_id=-a, execution_id=-e, type=t, milliseconds_since_epoch=when)
            for a, e, t, when in world.EVENTS
        ),
        attributions=tuple(
            Attribution(artifact_id=-a, context_id=-c) for a, c in world.ATTRIBUTIONS
        ),
        associations=tuple(
            Association(execution_id=-e, context_id=-c) for e, c in world.ASSOCIATIONS
        ),
        parent_contexts=tuple(ParentContext(child_id=-c, parent_id=-p) for c, p in world.PARENTS),
    )


def answer(store: Store, kind: Kind, text: str) -> Any:
    try:
        found = store.find(Find(kind=kind, where=text, limit=100, counted=False, strict=True))
    except InvalidArgument as error:
        return INVALID if error.message.startswith("Invalid `filter_query`: ") else str(error)
    return [node.id for node in found.nodes]


def test_every_filter_finds_the_same(store: Store, engine_name: str) -> None:
    """On Neo4j, which plans every new statement for a tenth of a second, each eighth filter."""
    store.put(the_world())
    wrong = {}
    for kind in Kind:
        answers = [item for item in RECORDED[kind.value].items() if item[0]]  # "": no filter at all
        for text, recorded in answers[:: 8 if engine_name == "neo4j" else 1]:
            ours = answer(store, kind, text)
            known = DIFFERENCES.get((kind.value, text), DIFFERENCES.get(("", text)))
            expected = recorded if known is None else known[0]
            if ours != expected:
                wrong[kind.value, text] = (ours, expected)
            assert known is None or known[0] != recorded, f"no difference any more: {text}"
    assert wrong == {}


def test_every_difference_is_about_a_recorded_filter() -> None:
    for kind, text in DIFFERENCES:
        assert any(text in RECORDED[name] for name in ([kind] if kind else RECORDED)), text


@pytest.mark.parametrize("kind", list(RECORDED))
def test_the_recordings_are_worth_something(kind: str) -> None:
    answers = list(RECORDED[kind].values())
    assert len(answers) > 400
    assert sum(bool(found) for found in answers if isinstance(found, list)) > 150
    assert sum(found == INVALID for found in answers) > 100
