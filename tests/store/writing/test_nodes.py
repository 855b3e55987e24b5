"""Every rule of ML Metadata about nodes: create, update, names, external ids, declared properties."""

from __future__ import annotations

import time
from typing import Any

import pytest

from lineage_graph.errors import AlreadyExists, InvalidArgument, NotFound
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Context,
    Execution,
    ExecutionState,
    Kind,
    Node,
    PropertyKind,
    Proto,
    Ref,
    Subgraph,
)
from lineage_graph.store import PutOptions, Store
from tests.store.build import DATA, put_artifact, put_context, put_execution, with_types

VALUES = {"i": 1, "d": 1.0, "s": "x", "t": {"a": [1, None]}, "p": Proto(type_url="u"), "b": True}


@pytest.fixture
def typed(store: Store) -> Store:
    return with_types(store)


def update(store: Store, kind: str, **fields: Any) -> Node:
    """Put a node of a stored id and return what is stored then."""
    classes = {"artifacts": Artifact, "executions": Execution, "contexts": Context}
    node = classes[kind](**fields)
    store.put(Subgraph(**{kind: (node,)}))
    return store.node(node.ref)


def test_ids_begin_at_one_for_each_kind(typed: Store) -> None:
    assert [put_artifact(typed), put_artifact(typed)] == [1, 2]
    assert [put_execution(typed), put_context(typed, "c")] == [1, 1]


def test_a_new_node_needs_a_type(typed: Store) -> None:
    with pytest.raises(InvalidArgument, match="needs a type"):
        put_artifact(typed, type=None)
    for wrong in ({"type": "None"}, {"type": None, "type_id": 99}, {"type": "Step"}):
        with pytest.raises(NotFound, match="type"):
            put_artifact(typed, **wrong)
    step = typed.types(Kind.EXECUTION)[0].id
    with pytest.raises(NotFound, match="artifact type"):
        put_artifact(typed, type=None, type_id=step)


def test_a_local_type_may_be_new(store: Store) -> None:
    new_type, node = ArtifactType(id=-1, name="New"), Artifact(type_id=-1)
    store.put(Subgraph(artifact_types=(new_type,), artifacts=(node,)))
    assert store.node(Ref(Kind.ARTIFACT, 1)).type == "New"


@pytest.mark.parametrize("name", sorted(VALUES))
@pytest.mark.parametrize("given", sorted(VALUES))
def test_a_declared_property_has_the_declared_kind(typed: Store, name: str, given: str) -> None:
    properties = {name: VALUES[given]}
    if name == given:
        assert (
            typed.node(Ref(Kind.ARTIFACT, put_artifact(typed, properties=properties))).properties
            == properties
        )
        return
    with pytest.raises(InvalidArgument, match="unmatched property type"):
        put_artifact(typed, properties=properties)
    assert typed.counts().artifacts == 0


def test_an_undeclared_property_is_refused_and_a_custom_one_is_not(typed: Store) -> None:
    with pytest.raises(InvalidArgument, match="unknown property: nope"):
        put_artifact(typed, properties={"nope": 1})
    stored = put_artifact(typed, custom_properties={"nope": 1})
    assert typed.node(Ref(Kind.ARTIFACT, stored)).custom_properties == {"nope": 1}


@pytest.mark.parametrize("name", ["n", ""])
def test_names_are_unique_within_a_type(typed: Store, name: str) -> None:
    typed.put(Subgraph(artifact_types=(ArtifactType(name="Other"),)))
    put_artifact(typed, name=name)
    put_artifact(typed, name=name, type="Other")
    with pytest.raises(AlreadyExists, match="is that of artifact 1"):
        put_artifact(typed, name=name)
    put_artifact(typed), put_artifact(typed)
    twins = (Artifact(type="Data", name="t"), Artifact(type="Data", name="t"))
    with pytest.raises(AlreadyExists, match="stands twice"):
        typed.put(Subgraph(artifacts=twins))
    assert typed.counts().artifacts == 4


@pytest.mark.parametrize("external_id", ["e", ""])
def test_external_ids_are_unique_within_a_kind(typed: Store, external_id: str) -> None:
    put_artifact(typed, external_id=external_id)
    put_execution(typed, external_id=external_id)
    with pytest.raises(AlreadyExists, match="is that of artifact 1"):
        put_artifact(typed, external_id=external_id)
    other = put_artifact(typed)
    with pytest.raises(AlreadyExists, match="is that of artifact 1"):
        update(typed, "artifacts", id=other, external_id=external_id)


def test_two_nodes_may_swap_their_external_ids(typed: Store) -> None:
    put_artifact(typed, external_id="a"), put_artifact(typed, external_id="b")
    free = Subgraph(artifacts=(Artifact(id=1, external_id=None), Artifact(id=2, external_id="a")))
    with pytest.raises(AlreadyExists):
        put_artifact(typed, external_id="b")
    typed.put(Subgraph(artifacts=(Artifact(id=1),)))
    typed.put(free)
    assert typed.node(Ref(Kind.ARTIFACT, 2)).external_id == "a"


def test_a_context_needs_a_name_always(typed: Store) -> None:
    for name in (None, ""):
        with pytest.raises(InvalidArgument, match="needs a name"):
            typed.put(Subgraph(contexts=(Context(type="Run", name=name),)))
        put_context(typed, f"c{name}")
        with pytest.raises(InvalidArgument, match="needs a name"):
            update(typed, "contexts", id=1, name=name)


def test_only_contexts_can_be_renamed_and_only_to_free_names(typed: Store) -> None:
    put_context(typed, "a"), put_context(typed, "b")
    assert update(typed, "contexts", id=1, name="c").name == "c"
    with pytest.raises(AlreadyExists, match="is that of context 2"):
        update(typed, "contexts", id=1, name="b")
    put_artifact(typed, name="a"), put_execution(typed, name="a")
    assert update(typed, "artifacts", id=1, name="z").name == "a"
    assert update(typed, "executions", id=1, name="z").name == "a"


@pytest.mark.parametrize("unknown", [0, 5, 2**62])
def test_an_update_needs_a_stored_id(typed: Store, unknown: int) -> None:
    with pytest.raises(InvalidArgument, match=f"Cannot find the given id {unknown} "):
        update(typed, "artifacts", id=unknown, type="Data")


def test_an_update_keeps_the_type(typed: Store) -> None:
    typed.put(Subgraph(artifact_types=(ArtifactType(name="Other"),)))
    put_artifact(typed)
    assert update(typed, "artifacts", id=1, uri="u").type == "Data"
    with pytest.raises(InvalidArgument, match="is a 'Data'"):
        update(typed, "artifacts", id=1, type="Other")


def test_an_update_replaces_everything(typed: Store) -> None:
    first = put_artifact(
        typed,
        name="n",
        uri="u",
        state=ArtifactState.LIVE,
        external_id="e",
        properties=VALUES,
        custom_properties=VALUES,
    )
    before = typed.node(Ref(Kind.ARTIFACT, first))
    after = update(typed, "artifacts", id=first)
    assert after == Artifact(
        id=first,
        type_id=before.type_id,
        type="Data",
        name="n",
        create_time_since_epoch=before.create_time_since_epoch,
        last_update_time_since_epoch=after.last_update_time_since_epoch,
    )
    assert (after.last_update_time_since_epoch or 0) > (before.last_update_time_since_epoch or 0)


def test_an_update_that_changes_nothing_is_none(typed: Store) -> None:
    values = {**VALUES, "d": float("nan")}
    put_artifact(typed, name="n", properties=values, uri="u")
    before = typed.node(Ref(Kind.ARTIFACT, 1))
    again = Artifact(id=1, type="Data", name="n", properties=values, uri="u")
    assert typed.put(Subgraph(artifacts=(again,))).updated == 0
    after = typed.node(Ref(Kind.ARTIFACT, 1))
    assert after.last_update_time_since_epoch == before.last_update_time_since_epoch
    one_is_not_one = again.model_copy(update={"custom_properties": {"x": 1.0}})
    typed.put(Subgraph(artifacts=(one_is_not_one,)))
    changed = one_is_not_one.model_copy(update={"custom_properties": {"x": 1}})
    assert typed.put(Subgraph(artifacts=(changed,))).updated == 1


def test_times_are_the_stores_own(typed: Store) -> None:
    before = int(time.time() * 1000)
    put_artifact(typed, create_time_since_epoch=1, last_update_time_since_epoch=2)
    node = typed.node(Ref(Kind.ARTIFACT, 1))
    assert before <= (node.create_time_since_epoch or 0) <= int(time.time() * 1000)
    assert node.last_update_time_since_epoch == node.create_time_since_epoch


def test_states_change_in_any_order(typed: Store) -> None:
    put_execution(typed, last_known_state=ExecutionState.COMPLETE)
    for state in (*ExecutionState, None, *reversed(ExecutionState), None, ExecutionState.UNKNOWN):
        found = update(typed, "executions", id=1, last_known_state=state)
        assert isinstance(found, Execution)
        assert found.last_known_state is state


def test_a_batch_is_written_whole_or_not_at_all(typed: Store) -> None:
    put_artifact(typed, name="old", uri="before")
    batch = Subgraph(
        artifact_types=(ArtifactType(name="Fresh"),),
        contexts=(Context(type="Run", name="c"),),
        artifacts=(
            Artifact(type="Fresh"),
            Artifact(id=1, uri="after"),
            Artifact(type="Data", properties={"nope": 1}),
        ),
    )
    before = typed.counts()
    with pytest.raises(InvalidArgument):
        typed.put(batch)
    assert typed.counts() == before
    assert typed.by_uri("before") == (typed.node(Ref(Kind.ARTIFACT, 1)),)
    assert put_artifact(typed) == 2  # ids of the failed put are not lost


def test_an_empty_put_is_nothing(store: Store) -> None:
    assert store.put(Subgraph()).created == 0


def test_reuse_of_contexts_by_name(typed: Store) -> None:
    put_context(typed, "c", properties={"i": 1})
    again = Subgraph(contexts=(Context(id=-1, type="Run", name="c", properties={"i": 2}),))
    with pytest.raises(AlreadyExists):
        typed.put(again)
    assert typed.put(again, PutOptions(reuse_contexts=True)).context_ids == (1,)
    assert typed.node(Ref(Kind.CONTEXT, 1)).properties == {"i": 1}


def test_reuse_of_artifacts_by_external_id(typed: Store) -> None:
    put_artifact(typed, external_id="e", uri="old")
    again = Subgraph(artifacts=(Artifact(type="Data", external_id="e", uri="new"),))
    with pytest.raises(AlreadyExists):
        typed.put(again)
    assert typed.put(again, PutOptions(reuse_artifacts=True)).artifact_ids == (1,)
    assert [found.id for found in typed.by_uri("new")] == [1]


def test_look_ups(typed: Store) -> None:
    for number in range(3):
        put_artifact(typed, name=f"n{number}", uri="same", external_id=f"e{number}")
    assert [node.id for node in typed.get(Kind.ARTIFACT, [3, 1, 3, 99])] == [1, 3]
    assert [node.id for node in typed.by_uri("same")] == [1, 2, 3]
    assert typed.by_uri("") == ()
    assert [n.id for n in typed.by_external_id(Kind.ARTIFACT, ["e2", "x", "e0"])] == [1, 3]
    found = typed.by_name(Kind.ARTIFACT, "Data", "n1")
    assert found is not None
    assert found.id == 2
    assert typed.by_name(Kind.ARTIFACT, "Data", "n9") is None
    assert typed.by_name(Kind.ARTIFACT, "Nope", "n1") is None
    with pytest.raises(NotFound, match="no artifact with the id 99"):
        typed.node(Ref(Kind.ARTIFACT, 99))


@pytest.mark.parametrize(
    "name",
    [
        "INPUT",
        "ATTRIBUTED_TO",
        "SUBTYPE_OF",
        "Artifact",
        "Store",
        "ArtifactType",
        "V",
        "E",
        "data",
        "x.y",
        "a b",
    ],
)
def test_types_may_be_called_as_anything_the_database_knows(typed: Store, name: str) -> None:
    new = Subgraph(artifact_types=(ArtifactType(name=name),), artifacts=(Artifact(type=name),))
    typed.put(new)
    put_artifact(typed)
    assert [node.type for node in typed.get(Kind.ARTIFACT, [1, 2])] == [name, "Data"]
    assert typed.counts().artifacts == 2
    assert typed.counts().artifact_types == 2


def test_numbers_beyond_64_bits_are_refused(store: Store) -> None:
    with_types(store)
    for work in (
        lambda: put_artifact(store, id=2**63),
        lambda: store.get(Kind.ARTIFACT, [2**63]),
        lambda: store.node(Ref(Kind.ARTIFACT, -(2**63) - 1)),
        lambda: store.put(
            Subgraph(artifacts=(Artifact(id=2**63 - 1, type="Data"),)), PutOptions(restore=True)
        ),
    ):
        with pytest.raises(InvalidArgument, match="beyond 64 bits"):
            work()
    with pytest.raises(InvalidArgument, match="Cannot find the given id"):
        put_artifact(store, id=2**63 - 1)
    assert put_artifact(store) == 1


def test_declared_names_that_look_like_fields(store: Store) -> None:
    names = [
        "id",
        "name",
        "uri",
        "type",
        "id_",
        "custom_x",
        "_custom_x",
        "value_kinds",
        "seek_number_0",
        "labels",
        "__proto__",
        "",
    ]
    declared = DATA.model_copy(update={"properties": dict.fromkeys(names, PropertyKind.STRING)})
    values = {name: f"declared {name}" for name in names}
    custom = {name: f"custom {name}" for name in names}
    node = Artifact(type="Data", properties=values, custom_properties=custom)
    store.put(Subgraph(artifact_types=(declared,), artifacts=(node,)))
    found = store.node(Ref(Kind.ARTIFACT, 1))
    assert (found.properties, found.custom_properties) == (values, custom)
    assert found.id == 1
