"""The nouns as JSON and back, and what no noun may be."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    INPUT_EVENTS,
    OUTPUT_EVENTS,
    Artifact,
    ArtifactType,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionType,
    Kind,
    ParentContext,
    PropertyKind,
    Proto,
    Ref,
    Subgraph,
    kind_of,
)

texts = st.text(st.characters(codec="utf-8"), max_size=20)
structs: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
kind_words = st.sampled_from([kind.value for kind in PropertyKind])
values = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    texts,
    st.dictionaries(texts | kind_words, structs, max_size=2),  # a struct may look like an encoding
    st.builds(Proto, type_url=texts, value=st.binary(max_size=9)),
)


def alike(one: Any, other: Any) -> bool:
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return type(one) is type(other) and bool(one == other)


@given(properties=st.dictionaries(texts, values, max_size=4))
def test_values_as_json(properties: dict[str, Any]) -> None:
    node = Artifact(properties=properties, custom_properties=properties)
    again = Artifact.model_validate_json(node.model_dump_json())
    for found in (again.properties, again.custom_properties):
        assert found.keys() == properties.keys()
        assert all(alike(value, found[name]) for name, value in properties.items())


WHOLE = Subgraph(
    artifact_types=(ArtifactType(id=-1, name="A", properties={"x": PropertyKind.PROTO}),),
    execution_types=(ExecutionType(id=-2, name="E", input_type="{}"),),
    context_types=(ContextType(id=-3, name="C", version="1"),),
    artifacts=(Artifact(id=-1, type_id=-1, uri="u"),),
    executions=(Execution(id=-1, type_id=-2),),
    contexts=(Context(id=-1, type_id=-3, name="c"), Context(id=-2, type="C", name="d")),
    events=(Event(artifact_id=-1, execution_id=-1, type=EventType.INPUT, path=("a", 1, "1")),),
    attributions=(Attribution(artifact_id=-1, context_id=-1),),
    associations=(Association(execution_id=-1, context_id=-1),),
    parent_contexts=(ParentContext(child_id=-1, parent_id=-2),),
)


def test_a_subgraph_as_json() -> None:
    assert Subgraph.model_validate_json(WHOLE.model_dump_json()) == WHOLE
    assert Subgraph.model_validate(WHOLE.model_dump()) == WHOLE


@pytest.mark.parametrize(
    "wrong",
    [
        {"artifacts": (Artifact(id=1), Artifact(id=1))},
        {"contexts": (Context(id=-1, name="a"), Context(id=-1, name="b"))},
        {
            "artifact_types": (ArtifactType(id=-1, name="a"),),
            "context_types": (ContextType(id=-1, name="a"),),
        },
        {"artifacts": (Artifact(type_id=-1),)},
        {"events": (Event(artifact_id=-1, execution_id=1, type=EventType.INPUT),)},
        {"events": (Event(artifact_id=1, execution_id=-1, type=EventType.INPUT),)},
        {"attributions": (Attribution(artifact_id=-1, context_id=1),)},
        {"attributions": (Attribution(artifact_id=1, context_id=-1),)},
        {"associations": (Association(execution_id=-1, context_id=1),)},
        {"associations": (Association(execution_id=1, context_id=-1),)},
        {"parent_contexts": (ParentContext(child_id=-1, parent_id=1),)},
        {"parent_contexts": (ParentContext(child_id=1, parent_id=-1),)},
    ],
)
def test_local_ids_name_something_in_the_subgraph(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Subgraph(**wrong)


def test_kinds_have_ids_of_their_own() -> None:
    nodes = Subgraph(artifacts=(Artifact(id=1),), executions=(Execution(id=1),))
    assert len(nodes) == 2
    assert [node.ref for node in nodes.nodes] == [Ref(Kind.ARTIFACT, 1), Ref(Kind.EXECUTION, 1)]


def test_sums_hold_everything_once() -> None:
    assert WHOLE + WHOLE == WHOLE
    assert Subgraph() + WHOLE == WHOLE
    nameless = Subgraph(artifacts=(Artifact(), Artifact()))
    assert len(nameless + nameless) == 2
    assert len(nameless + nameless.model_copy(deep=True)) == 4
    other = Subgraph(artifacts=(Artifact(id=-9),))
    assert len((WHOLE + other).artifacts) == 2


def test_an_empty_subgraph_is_false() -> None:
    assert not Subgraph()
    assert WHOLE
    assert Subgraph(artifact_types=(ArtifactType(name="x"),))


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, PropertyKind.BOOLEAN),
        (1, PropertyKind.INT),
        (1.0, PropertyKind.DOUBLE),
        ("1", PropertyKind.STRING),
        ({}, PropertyKind.STRUCT),
        (Proto(type_url="x"), PropertyKind.PROTO),
    ],
)
def test_kinds_of_values(value: Any, kind: PropertyKind) -> None:
    assert kind_of(value) is kind
    (found,) = Artifact(properties={"x": value}).properties.values()
    assert kind_of(found) is kind
    with pytest.raises(TypeError):
        kind_of([value])  # type: ignore[arg-type]


def test_nouns_are_frozen_and_strict() -> None:
    node = Artifact(uri="u")
    with pytest.raises(ValidationError):
        node.uri = "v"  # type: ignore[misc]
    with pytest.raises(ValidationError):
        Artifact(no_such_field=1)  # type: ignore[call-arg]
    with pytest.raises(ValidationError):
        ArtifactType(name="")
    with pytest.raises(ValidationError):
        Event(artifact_id=1, execution_id=1, type="UNKNOWN")  # type: ignore[arg-type]


def test_every_event_goes_one_way() -> None:
    assert {*INPUT_EVENTS, *OUTPUT_EVENTS} == set(EventType)
    assert not {*INPUT_EVENTS} & {*OUTPUT_EVENTS}
    assert all(event.is_input == (event in INPUT_EVENTS) for event in EventType)


def test_refs_as_text() -> None:
    for text in ("artifact/17", "execution/1", "context/9223372036854775807"):
        assert str(Ref.parse(text)) == text
    for wrong in ("", "artifact", "artifact/", "artifact/x", "model/1", "artifact/1/2", "1"):
        with pytest.raises(InvalidArgument, match="does not name a node"):
            Ref.parse(wrong)
    with pytest.raises(InvalidArgument, match="without an id"):
        _ = Artifact().ref
    assert Artifact(id=1, type="Model").title == "Model 1"
    assert Artifact(id=1, name="n").title == "n"
