"""Stores that older releases made are brought up to this one, and keep what was told since."""

from __future__ import annotations

from typing import Any

from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState, Kind, Subgraph
from lineage_graph.store import Find, Store, schema
from lineage_graph.store.schema_check import missing
from lineage_graph.store.session import Sessions
from tests.conftest import Rows, nodes
from tests.store.build import put_artifact, put_execution, with_types


def run(store: Store, statement: str) -> list[Any]:
    engine = store.engine
    return engine.driver.execute_query(statement, database_=engine.database).records


def made_by_version_3(store: Store) -> None:
    """Three artifacts and an execution, of which one was told its state; all others have UNKNOWN."""
    with_types(store)
    put_artifact(store, state=ArtifactState.LIVE)
    put_artifact(store, uri="u", properties={"i": 1})
    put_artifact(store)
    put_execution(store)
    run(store, "MATCH (n:Artifact) WHERE n.state IS NULL SET n.state = 'UNKNOWN'")
    run(store, "MATCH (n:Execution) SET n.last_known_state = 'UNKNOWN'")
    run(store, "MATCH (s:Store) SET s.schema_version = 3")


def states(store: Store) -> list[object]:
    nodes = [
        n for kind in (Kind.ARTIFACT, Kind.EXECUTION) for n in store.find(Find(kind=kind)).nodes
    ]
    return [node.state_word for node in nodes]


def test_a_state_that_an_older_release_made_up_is_forgotten(store: Store) -> None:
    made_by_version_3(store)
    before = store.get(Kind.ARTIFACT, [2])
    with Store.open(settings=store.settings) as newer:
        assert states(newer) == ["LIVE", None, None, None]
        (after,) = newer.get(Kind.ARTIFACT, [2])
        assert after == before[0].model_copy(update={"state": None})
        (version,) = run(newer, "MATCH (s:Store) RETURN s.schema_version")
        assert version[0] == schema.SCHEMA_VERSION


def test_what_is_told_since_is_kept(store: Store, monkeypatch: Any) -> None:
    made_by_version_3(store)
    store.prepare()
    told = Artifact(id=3, state=ArtifactState.UNKNOWN)
    ran = Execution(id=1, last_known_state=ExecutionState.UNKNOWN)
    store.put(Subgraph(artifacts=(told,), executions=(ran,)))
    kept = ["LIVE", None, "UNKNOWN", "UNKNOWN"]
    store.prepare()
    assert states(store) == kept
    # Another process that found the older store as well, and is late.
    monkeypatch.setattr(schema, "_identity", lambda transaction: (store.id, 3))
    store.prepare()
    assert states(store) == kept


def everything_but_identity(rows: Rows) -> list[str]:
    told = [
        (
            labels,
            sorted((key, values[key]) for key in values if (labels, key) != (("Store",), "id")),
        )
        for labels, values in rows
    ]
    return sorted(map(repr, told))


def test_prepare_makes_of_an_empty_database_what_the_tests_begin_with(store: Store) -> None:
    """The fixture does not prepare the store: it writes what was prepared once."""
    begun, first_id = nodes(store.engine), store.id
    run(store, "MATCH (n) DETACH DELETE n")
    with Store.open(settings=store.settings) as again:
        prepared = nodes(again.engine)
        assert again.id != first_id

    assert everything_but_identity(prepared) == everything_but_identity(begun)
    assert missing(Sessions(store.engine, store.settings, store.catalog)) == ()
