"""Ids and times are numbers to the embedded engine's indexes, also in a store of an older release."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from neo4j.exceptions import Neo4jError

from lineage_graph.engines import engine_status, stop_engine
from lineage_graph.errors import AlreadyExists
from lineage_graph.model import Artifact, ArtifactType, Kind, Subgraph
from lineage_graph.settings import Settings
from lineage_graph.store import Find, PutOptions, Store

_IN_ORDER = "MATCH (n:Artifact) WHERE n.id > 0 RETURN n.id ORDER BY n.id LIMIT 3"
# The host of a release that left keys as text.
_OLDER = (
    "import sys; from lineage_graph.engines import database, host;"
    "database.order_numbers = lambda database: None; sys.exit(host.main())"
)


def goes_along_the_index(store: Store) -> bool:
    engine = store.engine
    plan = engine.driver.execute_query(
        f"EXPLAIN {_IN_ORDER}", database_=engine.database
    ).summary.plan
    assert plan is not None
    return "[index order]" in str(plan)


def test_a_store_of_an_older_release_is_brought_up_to_date(tmp_path: Path) -> None:
    settings = Settings(folder=tmp_path, engine_linger=30)
    ids = [*range(1, 30), 99, 100, 101]
    made = tuple(Artifact(id=i, type="Data", name=f"n{i}") for i in ids)
    command = [sys.executable, "-c", _OLDER, str(tmp_path), "--memory=256", "--linger=30"]
    limits = ["--read-timeout=30", "--write-timeout=30"]
    with subprocess.Popen([*command, *limits], cwd=tmp_path) as older:
        try:
            deadline = time.monotonic() + 60
            while not engine_status(settings).running:
                assert older.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
            with Store.open(settings=settings) as store:
                store.put(
                    Subgraph(artifact_types=(ArtifactType(name="Data"),), artifacts=made),
                    PutOptions(restore=True),
                )
                assert not goes_along_the_index(store)
                before = store.get(Kind.ARTIFACT, ids)
        finally:
            stop_engine(settings)
            older.wait(30)
    try:
        with Store.open(settings=settings) as store:
            assert goes_along_the_index(store)
            assert store.upkeep.missing() == ()
            assert store.get(Kind.ARTIFACT, ids) == before
            page = store.find(Find(kind=Kind.ARTIFACT, limit=1000))
            assert [node.id for node in page.nodes] == ids
            first = before[0].create_time_since_epoch
            assert store.find(Find(kind=Kind.ARTIFACT, created_after=first)).total == len(ids)
            with pytest.raises(AlreadyExists):
                store.put(Subgraph(artifacts=(made[0].model_copy(update={"id": None}),)))
            with pytest.raises(Neo4jError):
                store.engine.driver.execute_query(
                    "CREATE (:Artifact {id: 99})", database_=store.engine.database
                )
    finally:
        stop_engine(settings)
