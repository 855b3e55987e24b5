"""Every rule of ML Metadata about types (names, versions, declared properties, base types)."""

from __future__ import annotations

import pytest

from lineage_graph.errors import AlreadyExists, InvalidArgument, NotFound, Unsupported
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    BaseType,
    ContextType,
    ExecutionType,
    Kind,
    PropertyKind,
    Subgraph,
    Type,
)
from lineage_graph.store import PutOptions, Store

INT, STRING = PropertyKind.INT, PropertyKind.STRING
ADD, OMIT = PutOptions(add_fields=True), PutOptions(omit_fields=True)


def put(store: Store, *types: Type, options: PutOptions | None = None) -> tuple[int, ...]:
    fields = {
        "artifact_types": tuple(t for t in types if isinstance(t, ArtifactType)),
        "execution_types": tuple(t for t in types if isinstance(t, ExecutionType)),
        "context_types": tuple(t for t in types if isinstance(t, ContextType)),
    }
    return store.put(Subgraph(**fields), options or PutOptions()).type_ids


def test_the_first_type_has_the_id_after_the_nine_system_types(store: Store) -> None:
    assert put(store, ArtifactType(name="A")) == (10,)
    assert put(store, ExecutionType(name="A"), ContextType(name="A")) == (11, 12)
    system = [t for t in store.types(system=True) if t.name.startswith("mlmd.")]
    assert sorted(t.id or 0 for t in system) == list(range(1, 10))
    assert [t.name for t in store.types()] == ["A", "A", "A"]


def test_the_same_type_again_is_the_same_type(store: Store) -> None:
    wanted = ArtifactType(name="A", version="2", properties={"x": INT}, base_type=BaseType.MODEL)
    assert put(store, wanted) == put(store, wanted)
    (found,) = store.types(Kind.ARTIFACT)
    assert found == wanted.model_copy(update={"id": 10})


def test_kind_name_and_version_make_a_type(store: Store) -> None:
    ids = put(
        store,
        ArtifactType(name="A"),
        ArtifactType(name="A", version="1"),
        ArtifactType(name="A\n1"),
        ExecutionType(name="A"),
    )
    assert len(set(ids)) == 4


def test_a_supplied_id_is_ignored(store: Store) -> None:
    assert put(store, ArtifactType(id=777, name="A")) == (10,)


def test_properties_are_added_only_when_allowed(store: Store) -> None:
    put(store, ArtifactType(name="A", properties={"x": INT}))
    more = ArtifactType(name="A", properties={"x": INT, "y": STRING})
    with pytest.raises(AlreadyExists, match="'y'"):
        put(store, more)
    assert put(store, more, options=ADD) == (10,)
    assert store.types(Kind.ARTIFACT)[0].properties == {"x": INT, "y": STRING}


def test_properties_are_omitted_only_when_allowed_and_never_deleted(store: Store) -> None:
    put(store, ArtifactType(name="A", properties={"x": INT, "y": STRING}))
    less = ArtifactType(name="A", properties={"x": INT})
    with pytest.raises(AlreadyExists, match="'y'"):
        put(store, less)
    put(store, less, options=OMIT)
    assert store.types(Kind.ARTIFACT)[0].properties == {"x": INT, "y": STRING}


@pytest.mark.parametrize("options", [PutOptions(), ADD, OMIT, PutOptions(restore=True)])
def test_the_kind_of_a_property_never_changes(store: Store, options: PutOptions) -> None:
    put(store, ArtifactType(name="A", properties={"x": INT}))
    with pytest.raises(AlreadyExists, match="INT, not STRING"):
        put(store, ArtifactType(name="A", properties={"x": STRING}), options=options)


def test_external_ids_are_unique_within_a_kind(store: Store) -> None:
    put(store, ArtifactType(name="A", external_id="e"), ExecutionType(name="A", external_id="e"))
    with pytest.raises(AlreadyExists, match="'e'"):
        put(store, ArtifactType(name="B", external_id="e"))
    put(store, ArtifactType(name="A"))
    assert store.types(Kind.ARTIFACT)[0].external_id == "e"


def test_the_base_type_is_set_once(store: Store) -> None:
    put(store, ArtifactType(name="A"))
    put(store, ArtifactType(name="A", base_type=BaseType.MODEL))
    put(store, ArtifactType(name="A"))
    assert store.types(Kind.ARTIFACT)[0].base_type is BaseType.MODEL
    with pytest.raises(Unsupported, match="base type"):
        put(store, ArtifactType(name="A", base_type=BaseType.METRICS))


def test_a_base_type_belongs_to_its_kind(store: Store) -> None:
    with pytest.raises(InvalidArgument, match=r"mlmd\.Model"):
        put(store, ExecutionType(name="A", base_type=BaseType.MODEL))
    assert store.types() == ()


def test_types_are_put_all_or_none(store: Store) -> None:
    put(store, ArtifactType(name="A", properties={"x": INT}))
    with pytest.raises(AlreadyExists):
        put(store, ArtifactType(name="B"), ArtifactType(name="A", properties={"x": STRING}))
    assert [t.name for t in store.types()] == ["A"]


def test_input_and_output_types_are_kept(store: Store) -> None:
    wanted = ExecutionType(name="A", input_type='{"a": 1}', output_type="ü", description="what")
    put(store, wanted)
    assert store.types(Kind.EXECUTION) == (wanted.model_copy(update={"id": 10}),)


def test_a_node_finds_its_type_by_name_and_version(store: Store) -> None:
    put(store, ArtifactType(name="A"), ArtifactType(name="A", version="1"))
    node = Artifact(type="A", type_version="1")
    (stored,) = store.put(Subgraph(artifacts=(node,))).artifact_ids
    assert store.get(Kind.ARTIFACT, [stored])[0].type_id == 11
    with pytest.raises(NotFound, match="version '2'"):
        store.put(Subgraph(artifacts=(Artifact(type="A", type_version="2"),)))


def test_another_process_may_have_added_a_property(store: Store) -> None:
    put(store, ArtifactType(name="A"))
    with Store.open(settings=store.settings) as other:
        put(other, ArtifactType(name="A", properties={"x": INT}), options=ADD)
    node = Artifact(type="A", properties={"x": 1})
    assert store.put(Subgraph(artifacts=(node,))).created == 1
