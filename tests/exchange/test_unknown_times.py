"""Times that a source does not know stay unknown: in the store, in lists, answers, pages and exports."""

from __future__ import annotations

import gzip
import io
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange import open_source
from lineage_graph.exchange.writing import WRITERS, About
from lineage_graph.messages import contract
from lineage_graph.messages.model_objects import write_node
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Node,
    ParentContext,
    Ref,
    Subgraph,
)
from lineage_graph.model.labels import length_of
from lineage_graph.model.links import Association
from lineage_graph.questions import ask
from lineage_graph.server.app import create_app
from lineage_graph.store import Find, PutOptions, Store
from tests.conftest import DATA

RESTORED = PutOptions(restore=True)
STARTED = 1_600_000_000_000
UNTIMED = (None, None)


def times(node: Node) -> tuple[int | None, int | None]:
    return node.create_time_since_epoch, node.last_update_time_since_epoch


def all_nodes(store: Store) -> list[Node]:
    return [node for kind in Kind for node in store.find(Find(kind=kind, limit=1000)).nodes]


def load(store: Store, where: Path) -> None:
    with open_source(where) as source:
        store.load(source.batches(), source.source)


def old_store(folder: Path, version: int) -> Path:
    path = folder / f"v{version}.sqlite"
    path.write_bytes(gzip.decompress((DATA / f"mlmd_v{version}.sqlite.gz").read_bytes()))
    return path


def steps(store: Store) -> dict[str, int]:
    """A run of three steps: of the middle one no time is known."""
    steps = tuple(
        Execution(
            id=-number,
            type="Step",
            name=name,
            last_known_state=ExecutionState.COMPLETE,
            create_time_since_epoch=began,
            last_update_time_since_epoch=ended,
        )
        for number, (name, began, ended) in enumerate(
            (
                ("early", STARTED, STARTED + 5000),
                ("unknown", 0, None),
                ("late", STARTED + 7000, STARTED + 9000),
            ),
            start=1,
        )
    )
    made = tuple(Artifact(id=-i, type="Data", name=f"d{i}", uri=f"u{i}") for i in (1, 2, 3))
    events = [
        Event(artifact_id=-i, execution_id=-i, type=EventType.OUTPUT, milliseconds_since_epoch=at)
        for i, at in ((1, STARTED), (2, 0), (3, None))
    ]
    events += [Event(artifact_id=1 - i, execution_id=-i, type=EventType.INPUT) for i in (2, 3)]
    result = store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="Data"),),
            execution_types=(ExecutionType(name="Step"),),
            context_types=(ContextType(name="pipeline"), ContextType(name="run")),
            artifacts=made,
            executions=steps,
            contexts=(
                Context(id=-1, type="pipeline", name="p"),
                Context(id=-2, type="run", name="r"),
            ),
            events=tuple(events),
            associations=tuple(Association(execution_id=-i, context_id=-2) for i in (1, 2, 3)),
            parent_contexts=(ParentContext(child_id=-2, parent_id=-1),),
        ),
        RESTORED,
    )
    found = dict(zip(("early", "unknown", "late"), result.execution_ids, strict=True))
    return found | dict(zip(("p", "r"), result.context_ids, strict=True))


def test_a_store_of_schema_version_4_does_not_begin_when_it_is_read(
    store: Store, tmp_path: Path
) -> None:
    path = old_store(tmp_path, 4)
    load(store, path)
    nodes = all_nodes(store)
    assert nodes
    assert {times(node) for node in nodes} == {UNTIMED}
    assert all(length_of(node) is None for node in nodes)
    load(store, path)
    assert {times(node) for node in all_nodes(store)} == {UNTIMED}


def test_times_of_0_are_not_known(store: Store, tmp_path: Path) -> None:
    path = old_store(tmp_path, 10)
    with closing(sqlite3.connect(path)) as connection, connection:
        for table in ("Artifact", "Execution", "Context"):
            connection.execute(
                f"UPDATE {table} SET create_time_since_epoch = 0,"
                " last_update_time_since_epoch = CASE WHEN id = 1 THEN 5 ELSE 0 END"
            )
        connection.execute("UPDATE Event SET milliseconds_since_epoch = 0 WHERE id = 1")
        connection.execute("UPDATE Event SET milliseconds_since_epoch = NULL WHERE id = 2")
    load(store, path)
    assert {times(node) for node in all_nodes(store)} == {UNTIMED, (None, 5)}
    told = [
        event.milliseconds_since_epoch
        for node in all_nodes(store)
        if isinstance(node, Execution)
        for event in store.events(Kind.EXECUTION, [node.id or 0])
    ]
    assert told.count(None) == 2
    assert not [time for time in told if time is not None and time > 10_000]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("order", ["create_time", "update_time"])
@pytest.mark.parametrize("where", ["", "name LIKE 'e%'", "x > 5"])
def test_lists_end_with_what_has_no_time_in_both_directions(
    store: Store, order: Any, descending: bool, where: str
) -> None:
    moments = [300, None, 100, 0, 200, 200, None]
    store.put(
        Subgraph(
            execution_types=(ExecutionType(name="Step"),),
            executions=tuple(
                Execution(
                    type="Step",
                    name=f"e{number}",
                    custom_properties={"x": number + 6},
                    create_time_since_epoch=moment,
                )
                for number, moment in enumerate(moments)
            ),
        ),
        RESTORED,
    )
    wanted = Find(kind=Kind.EXECUTION, order_by=order, descending=descending, limit=2, where=where)
    for counted in (True, False):
        found: list[Node] = []
        page = store.find(wanted.model_copy(update={"counted": counted}))
        found += page.nodes
        while page.next is not None:
            further = {"counted": counted, "after": page.next}
            page = store.find(wanted.model_copy(update=further))
            found += page.nodes
        known = sorted((100, 200, 200, 300), reverse=descending)
        assert [node.create_time_since_epoch for node in found] == [*known, None, None, None]
        assert len({node.id for node in found}) == len(moments)


def test_answers_know_no_length_and_no_order_that_is_not_known(store: Store) -> None:
    ids = steps(store)
    answer = ask(store, "executions_of_run", context=ids["r"], longest=True)
    rows = {row[0]: dict(zip(answer.columns, row, strict=True)) for row in answer.rows}
    assert list(rows) == [ids["early"], ids["late"], ids["unknown"]]
    assert [row["duration"] for row in rows.values()] == [5000, 2000, None]
    assert rows[ids["unknown"]]["started"] is rows[ids["unknown"]]["ended"] is None
    (run,) = ask(store, "runs_of_pipeline", context=ids["p"]).rows
    assert run[-4:-1] == (STARTED, STARTED + 9000, 9000)
    path = ask(store, "critical_path", context=ids["r"])
    told = [dict(zip(path.columns, row, strict=True)) for row in path.rows]
    assert [row["execution"] for row in told] == [ids["early"], ids["unknown"], ids["late"]]
    assert [row["wait"] for row in told] == [None, None, None]
    assert [row["duration"] for row in told] == [5000, None, 2000]
    (pipeline,) = ask(store, "pipelines").rows
    assert pipeline[-2:] == (ids["r"], None)
    slowest = ask(store, "slowest_executions").rows
    assert [row[0] for row in slowest] == [ids["early"], ids["late"]]


def test_an_update_is_known_though_the_beginning_is_not(store: Store) -> None:
    unknown = Ref(Kind.EXECUTION, steps(store)["unknown"])
    node = store.node(unknown)
    assert times(node) == UNTIMED
    store.put(Subgraph(executions=(node.model_copy(update={"custom_properties": {"x": 1}}),)))
    created, updated = times(store.node(unknown))
    assert created is None
    assert updated is not None
    unchanged = node.model_copy(update={"last_update_time_since_epoch": updated})
    store.put(Subgraph(executions=(unchanged,)), PutOptions(unchanged=True))


def test_clients_of_ml_metadata_read_0_and_nodes_they_put_have_times(store: Store) -> None:
    unknown = store.node(Ref(Kind.EXECUTION, steps(store)["unknown"]))
    told = contract.Execution()
    write_node(Kind.EXECUTION, unknown, told)
    assert told.HasField("create_time_since_epoch")
    assert (told.create_time_since_epoch, told.last_update_time_since_epoch) == (0, 0)
    (made,) = store.put(Subgraph(executions=(Execution(type="Step", name="new"),))).execution_ids
    assert None not in times(store.node(Ref(Kind.EXECUTION, made)))


def test_people_read_that_a_time_is_not_known(store: Store) -> None:
    ids = steps(store)
    client = TestClient(create_app(store), "http://127.0.0.1")
    for path in (
        "/executions?sort=create_time",
        f"/executions/{ids['unknown']}",
        f"/contexts/{ids['r']}",
        f"/ask/executions-of-run?context={ids['r']}",
    ):
        page = client.get(path)
        assert page.status_code == 200, path
        assert "not known" in page.text, path
        assert "1970" not in page.text, path


@pytest.mark.parametrize("writer", [name for name in WRITERS if name != "mlmd"])
def test_exports_tell_no_times_that_nobody_knows(store: Store, writer: str, tmp_path: Path) -> None:
    path = old_store(tmp_path, 4)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("UPDATE Event SET milliseconds_since_epoch = 0")
    load(store, path)
    out = io.BytesIO()
    lost = WRITERS[writer].write(store.dump(), out, About(store.id))
    years = set(re.findall(rb"\b(\d{4})-\d\d-\d\dT", out.getvalue()))
    if writer == "openlineage":  # an event must have a time
        assert years == {b"1970"}
        assert any("1970" in reason for reason in lost)
    elif writer in ("cyclonedx", "ro-crate"):  # when it was written
        assert len(years) == 1
    else:
        assert not years
    assert not re.findall(rb'time_since_epoch"?: ?"?[1-9]', out.getvalue())


@pytest.mark.parametrize("writer", ["jsonl", "mlmd", "prov", "provn", "openlineage"])
def test_what_is_not_known_is_not_known_after_a_round_trip(
    store: Store, writer: str, tmp_path: Path
) -> None:
    load(store, old_store(tmp_path, 4))
    file = tmp_path / f"out.{WRITERS[writer].suffixes[0]}"
    with file.open("wb") as out:
        WRITERS[writer].write(store.dump(), out, About("other"))
    with open_source(file) as source:
        put = store.load_keyed if source.keyed else store.load
        before = len(all_nodes(store))
        put(source.batches(), source.source + "again")
    nodes = all_nodes(store)
    assert len(nodes) >= before
    assert {time for node in nodes for time in times(node)} == {None}
