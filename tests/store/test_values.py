"""Whatever is put comes back as it was: every kind of value, any text, any name."""

from __future__ import annotations

import math
import string
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Kind,
    PropertyKind,
    Proto,
    Ref,
    Subgraph,
    kind_of,
)
from lineage_graph.store import Store
from tests.store.build import put_artifact, with_types

ODD = [
    "it's",
    'say "x"',
    "back`tick",
    "{braces}",
    "<kind>",
    "$value",
    "line\nbreak",
    "__proto__",
    "constructor",
    "\0",
    "a\0b",
    "\\",
    "\\0",
    " ",
    "😀",
    "مرحبا",
    "__MLMD_NULL__",
    "mlmd-struct::x",
    "x" * 10_000,
    "'; MATCH (n) DETACH DELETE n //",
    "<script>alert(1)</script>",
]
# Neo4j and UTF-8 have no lone surrogates; pydantic refuses them as well.
texts = st.text(st.characters(codec="utf-8"), max_size=40) | st.sampled_from(ODD)
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
values = st.one_of(
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(),
    texts,
    st.dictionaries(texts, json_values, max_size=3),
    st.builds(Proto, type_url=texts, value=st.binary(max_size=30)),
)


def same(one: Any, other: Any) -> bool:
    """True for equal values of the same kind; NaN is NaN, and 0.0 is not -0.0."""
    if type(one) is not type(other):
        return False
    if isinstance(one, float):
        return (math.isnan(one) and math.isnan(other)) or (
            one == other and math.copysign(1, one) == math.copysign(1, other)
        )
    return bool(one == other)


@given(
    declared=st.dictionaries(texts, values, max_size=4),
    custom=st.dictionaries(texts, values, max_size=4),
)
@example(
    declared={
        "low": -(2**63),
        "high": 2**63 - 1,
        "nan": math.nan,
        "inf": math.inf,
        "-inf": -math.inf,
        "-0": -0.0,
        "tiny": 5e-324,
    },
    custom={name: name for name in ODD},
)
@example(declared={name: name for name in ODD}, custom={"": "", "x": {}, "y": {"": None}})
@example(declared={"true": True, "one": 1, "float": 1.0, "text": "1"}, custom={})
def test_properties_come_back(
    store: Store, declared: dict[str, Any], custom: dict[str, Any]
) -> None:
    kinds = {name: kind_of(value) for name, value in declared.items()}
    number = len(store.types(Kind.ARTIFACT))
    new_type = ArtifactType(id=-1, name=f"T{number}", properties=kinds)
    node = Artifact(type_id=-1, properties=declared, custom_properties=custom)
    (stored,) = store.put(Subgraph(artifact_types=(new_type,), artifacts=(node,))).artifact_ids
    found = store.node(Ref(Kind.ARTIFACT, stored))
    for put, got in ((declared, found.properties), (custom, found.custom_properties)):
        assert put.keys() == got.keys()
        assert all(same(value, got[name]) for name, value in put.items()), (put, got)
    (type_found,) = [t for t in store.types(Kind.ARTIFACT) if t.id == found.type_id]
    assert type_found.properties == kinds


@given(name=texts, uri=texts, external_id=texts)
@example(name="n" * 10_000, uri="u" * 100_000, external_id="e" * 10_000)
@example(name="\0", uri="\0", external_id="\0")
def test_names_come_back_and_are_found(store: Store, name: str, uri: str, external_id: str) -> None:
    if not store.types():
        with_types(store)
    if store.by_name(Kind.ARTIFACT, "Data", name) or store.by_external_id(
        Kind.ARTIFACT, [external_id]
    ):
        return
    stored = put_artifact(store, name=name, uri=uri, external_id=external_id)
    found = store.node(Ref(Kind.ARTIFACT, stored))
    assert isinstance(found, Artifact)
    assert (found.name, found.uri, found.external_id) == (name, uri, external_id)
    assert store.by_name(Kind.ARTIFACT, "Data", name) == found
    assert store.by_external_id(Kind.ARTIFACT, [external_id]) == (found,)
    assert not uri or found in store.by_uri(uri)


@pytest.mark.parametrize("name", ODD, ids=range(len(ODD)))
def test_types_of_any_name(store: Store, name: str) -> None:
    new = Subgraph(artifact_types=(ArtifactType(name=name),), artifacts=(Artifact(type=name),))
    store.put(new)
    (found,) = store.get(Kind.ARTIFACT, [1])
    assert found.type == name
    assert [t.name for t in store.types()] == [name]


def test_long_names_that_begin_alike_are_different(store: Store) -> None:
    with_types(store)
    first, second = "x" * 9_999 + "1", "x" * 9_999 + "2"
    ids = [put_artifact(store, name=first, uri=first), put_artifact(store, name=second, uri=second)]
    assert [node.id for node in store.by_uri(second)] == [ids[1]]


def test_two_megabytes_in_one_string(store: Store) -> None:
    with_types(store)
    text = (string.printable + "äß😀") * (2 * 2**20 // 106)
    stored = put_artifact(store, properties={"s": text, "t": {"x": text}})
    found = store.node(Ref(Kind.ARTIFACT, stored)).properties
    assert found["s"] == text
    assert found["t"] == {"x": text}


def test_what_no_property_can_hold() -> None:
    for wrong in (2**63, -(2**63) - 1, None, [1], b"x"):
        with pytest.raises(ValueError, match="validation error"):
            Artifact(custom_properties={"x": wrong})


def test_a_subgraph_that_was_not_validated_is_still_refused(store: Store) -> None:
    with_types(store)
    node = Artifact.model_construct(
        None, type="Data", properties={"i": "text"}, custom_properties={}
    )
    with pytest.raises(InvalidArgument, match="unmatched"):
        store.put(Subgraph.model_construct(None, artifacts=(node,)))


def test_kinds_survive_an_update(store: Store) -> None:
    kinds = {"x": PropertyKind.STRUCT}
    store.put(Subgraph(artifact_types=(ArtifactType(name="T", properties=kinds),)))
    put_artifact(store, type="T", properties={"x": {"a": 1}}, custom_properties={"y": "{}"})
    store.put(
        Subgraph(artifacts=(Artifact(id=1, properties={"x": {}}, custom_properties={"y": {}}),))
    )
    found = store.node(Ref(Kind.ARTIFACT, 1))
    assert (found.properties, found.custom_properties) == ({"x": {}}, {"y": {}})
