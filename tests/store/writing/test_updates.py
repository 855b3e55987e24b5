"""Updates as ML Metadata's clients make them: field masks, times that must not have changed, forced times."""

from __future__ import annotations

import pytest

from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Context,
    Execution,
    Kind,
    Node,
    Ref,
    Subgraph,
)
from lineage_graph.store import PutOptions, Store
from tests.store.build import put_artifact, put_context, put_execution, with_types

FULL = {"uri": "u", "state": ArtifactState.LIVE, "name": "n", "external_id": "e"}


@pytest.fixture
def typed(store: Store) -> Store:
    return with_types(store)


def masked(store: Store, node: Node, *mask: str) -> Node:
    store.put(Subgraph(**{f"{node.kind.value}s": (node,)}), PutOptions(mask=mask))
    return store.node(node.ref)


def test_a_mask_names_what_changes(typed: Store) -> None:
    made = put_artifact(typed, **FULL, properties={"i": 1, "s": "x"}, custom_properties={"c": 1})
    given = Artifact(id=made, uri="v", properties={"i": 2}, custom_properties={"c": 2, "d": 3})
    found = masked(typed, given, "uri", "properties.i", "custom_properties.d")
    assert isinstance(found, Artifact)
    assert (found.uri, found.state, found.external_id) == ("v", ArtifactState.LIVE, "e")
    assert found.properties == {"i": 2, "s": "x"}
    assert found.custom_properties == {"c": 1, "d": 3}


def test_what_a_mask_names_and_the_node_lacks_is_cleared(typed: Store) -> None:
    made = put_artifact(typed, **FULL, properties={"i": 1, "s": "x"}, custom_properties={"c": 1})
    found = masked(typed, Artifact(id=made), "uri", "external_id", "properties.i")
    assert isinstance(found, Artifact)
    assert (found.uri, found.external_id, found.properties) == ("", None, {"s": "x"})
    found = masked(typed, Artifact(id=made), "properties")
    assert (found.properties, found.custom_properties) == ({}, {"c": 1})


def test_a_state_that_is_not_told_is_not_unknown(typed: Store) -> None:
    made = put_artifact(typed, **FULL)
    unknown = Artifact(id=made, state=ArtifactState.UNKNOWN)
    for given, mask, expected in (
        (unknown, "uri", ArtifactState.LIVE),
        (unknown, "state", ArtifactState.UNKNOWN),
        (Artifact(id=made), "uri", ArtifactState.UNKNOWN),
        (Artifact(id=made), "state", None),
        (unknown, "state", ArtifactState.UNKNOWN),
    ):
        found = masked(typed, given, mask)
        assert isinstance(found, Artifact)
        assert found.state is expected
    typed.put(Subgraph(artifacts=(Artifact(id=made),)))
    (found,) = typed.get(Kind.ARTIFACT, [made])
    assert found.state_word is None


def test_a_mask_that_names_nothing_changes_only_the_time(typed: Store) -> None:
    made = put_artifact(typed, **FULL)
    before = typed.node(Ref(Kind.ARTIFACT, made))
    after = masked(typed, Artifact(id=made, uri="other"), "nope", "")
    time = "last_update_time_since_epoch"
    assert getattr(after, time) > getattr(before, time)
    assert after.model_copy(update={time: getattr(before, time)}) == before


def test_a_masked_context_may_leave_its_name_out(typed: Store) -> None:
    made = put_context(typed, "run", properties={"i": 1})
    found = masked(typed, Context(id=made, properties={"i": 2}), "properties.i")
    assert (found.name, found.properties) == ("run", {"i": 2})
    with pytest.raises(InvalidArgument, match="needs a name"):
        masked(typed, Context(id=made), "name")


def test_a_mask_does_not_touch_new_nodes(typed: Store) -> None:
    node = Artifact(type="Data", uri="u", properties={"i": 1})
    (made,) = typed.put(Subgraph(artifacts=(node,)), PutOptions(mask=("uri",))).artifact_ids
    assert typed.node(Ref(Kind.ARTIFACT, made)).properties == {"i": 1}


def test_an_update_of_what_was_read_before_somebody_changed_it(typed: Store) -> None:
    made = put_artifact(typed, uri="first")
    read = typed.node(Ref(Kind.ARTIFACT, made))
    mine = read.model_copy(update={"uri": "mine"})
    unchanged = PutOptions(unchanged=True)
    typed.put(Subgraph(artifacts=(Artifact(id=made, uri="theirs"),)))
    with pytest.raises(FailedPrecondition, match="has changed since it was read"):
        typed.put(Subgraph(artifacts=(mine,)), unchanged)
    again = typed.node(read.ref).model_copy(update={"uri": "mine"})
    typed.put(Subgraph(artifacts=(again,)), unchanged)
    stored = typed.node(read.ref)
    assert isinstance(stored, Artifact)
    assert stored.uri == "mine"
    assert (stored.last_update_time_since_epoch or 0) > (again.last_update_time_since_epoch or 0)


def test_an_update_that_changes_nothing_keeps_the_time_unless_forced(typed: Store) -> None:
    execution = put_execution(typed, name="train")
    artifact = put_artifact(typed, name="data")
    same = Subgraph(
        executions=(Execution(id=execution, name="train"),),
        artifacts=(Artifact(id=artifact, name="data"),),
    )
    refs = (Ref(Kind.EXECUTION, execution), Ref(Kind.ARTIFACT, artifact))

    def times() -> list[int | None]:
        return [typed.node(ref).last_update_time_since_epoch for ref in refs]

    before = times()
    typed.put(same)
    assert times() == before
    typed.put(same, PutOptions(touch=True))
    assert times()[1] == before[1]  # only the execution's
    assert (times()[0] or 0) > (before[0] or 0)


def test_artifacts_without_a_uri_are_found_by_the_empty_one(typed: Store) -> None:
    ids = [put_artifact(typed), put_artifact(typed, uri="somewhere"), put_artifact(typed)]
    assert [found.id for found in typed.by_uri("")] == [ids[0], ids[2]]
    assert [found.id for found in typed.by_uri("", "somewhere", "nowhere")] == ids


def test_a_put_of_more_types_than_one_statement_takes(store: Store) -> None:
    types = tuple(ArtifactType(id=-n, name=f"Type {n}") for n in range(1, 31))
    artifacts = tuple(Artifact(type_id=-n, name="one of each") for n in range(1, 31))
    ids = store.put(Subgraph(artifact_types=types, artifacts=artifacts)).artifact_ids
    assert [node.type for node in store.get(Kind.ARTIFACT, ids)] == [t.name for t in types]
