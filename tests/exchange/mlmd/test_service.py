"""A running ML Metadata service: ML Metadata itself where it can be had, and ours."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from random import Random
from typing import Any

import pytest

from lineage_graph.errors import BadFile, InvalidArgument, Unauthorized, Unreachable, Unsupported
from lineage_graph.exchange import open_source
from lineage_graph.exchange.mlmd import ServiceSource
from lineage_graph.model import Kind, Subgraph
from lineage_graph.rpc.serve import serving
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.exchange.mlmd.test_source import DATA, unpacked, whole
from tests.exchange.serving import Answers, mlmd_server
from tests.rpc.oracle.original import Unavailable, original_python
from tests.rpc_load.client import process

KINDS = ("artifact", "execution", "context")
FRONT = Path(__file__).parents[2] / "rpc" / "oracle" / "front.py"


@contextmanager
def original(database: Path, folder: Path) -> Iterator[str]:
    """Run ML Metadata itself on a file; give the address of its service."""
    try:
        python = original_python()
    except Unavailable as error:
        if not error.expected:
            raise
        pytest.skip(str(error))
    command = [str(python), str(FRONT), "--database", str(database)]
    with process(command, {}, folder / "log") as (address, _):
        yield f"grpc://{address}"


def in_order(graph: Subgraph) -> dict[str, list[str]]:
    """Everything of a graph, whatever order it came in; not what the original's lists leave out."""
    untold = {f"{kind}_types": {"__all__": {"external_id"}} for kind in KINDS}
    dumped = graph.model_dump(mode="json", exclude=untold)
    return {
        name: sorted(json.dumps(noun, sort_keys=True) for noun in nouns)
        for name, nouns in dumped.items()
    }


@pytest.fixture(params=["mlmd_v10", "tfx_mlmd"])
def file(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    if request.param == "mlmd_v10":
        return unpacked(10, tmp_path)
    copy = tmp_path / "tfx.sqlite"
    copy.write_bytes((DATA / "tfx_mlmd.sqlite").read_bytes())
    return copy


def test_the_original_says_what_its_file_holds(file: Path, tmp_path: Path) -> None:
    expected, source = whole(file), open_source(file).source
    with original(file, tmp_path) as address, open_source(address) as service:
        assert service.source == source
        found = sum(service.batches(), Subgraph())
    assert in_order(found) == in_order(expected)


def test_ours_says_what_it_was_filled_from(file: Path, store: Store) -> None:
    with open_source(file) as source:
        store.load(source.batches(), source.source)
    with serving(store, Settings(rpc_port=0)) as address, open_source(f"grpc://{address}") as ours:
        assert ours.source == source.source
        found = sum(ours.batches(), Subgraph())
    with open_source(file) as source:
        again = store.load(iter([found]), source.source)
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)
    assert len(found.events) == len(whole(file).events)


def test_what_comes_meanwhile_is_left_for_the_next_time(tmp_path: Path) -> None:
    file = unpacked(10, tmp_path)
    before = whole(file)
    with original(file, tmp_path) as address, open_source(address) as service:
        with closing(sqlite3.connect(file)) as connection, connection:
            connection.execute(
                "INSERT INTO Artifact (type_id, uri, create_time_since_epoch) VALUES (10, 'new', 1)"
            )
            new = connection.execute("SELECT max(id) FROM Artifact").fetchone()[0]
            connection.execute(
                f"INSERT INTO Event (artifact_id, execution_id, type) VALUES ({new}, 1, 3)"
            )
            connection.execute(
                f"INSERT INTO Attribution (artifact_id, context_id) VALUES ({new}, 1)"
            )
        found = sum(service.batches(), Subgraph())
    assert in_order(found) == in_order(before)


@pytest.mark.parametrize(
    "address", ["grpc://", "grpc://host", "grpc://host:port", "grpc://host:1/path", "http://host:1"]
)
def test_no_address(address: str) -> None:
    with pytest.raises(InvalidArgument, match="looks like"):
        ServiceSource(address)


def test_nobody_there() -> None:
    with pytest.raises(Unreachable, match="does not answer"):
        open_source("grpc://127.0.0.1:1")


def test_a_token_that_is_needed(store: Store) -> None:
    settings = Settings(rpc_port=0, access_token="a long secret")
    with serving(store, settings) as address, pytest.raises(Unauthorized, match="refused us"):
        open_source(f"grpc://{address}")


def test_another_service(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    import grpc

    server = grpc.server(ThreadPoolExecutor(1))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    with pytest.raises(Unsupported, match="Is it ML Metadata's"):
        open_source(f"grpc://127.0.0.1:{port}")
    server.stop(None)


def test_pages_that_lead_round_are_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fill_page(self: Answers, kind: Kind, request: Any, response: Any) -> None:
        response.next_page_token = "again"

    monkeypatch.setattr(Answers, "fill_page", fill_page)
    with mlmd_server(tmp_path) as made:
        address = made(Random(1), few=0)
        with open_source(address) as source, pytest.raises(BadFile, match="circle"):
            list(source.batches())


def test_a_node_that_makes_no_sense_costs_that_node(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole_page = Answers.fill_page

    def fill_page(self: Answers, kind: Kind, request: Any, response: Any) -> None:
        whole_page(self, kind, request, response)
        for artifact in getattr(response, "artifacts", ()):
            if artifact.id == 3:
                artifact.custom_properties["without a value"].Clear()

    with mlmd_server(tmp_path) as made:
        with open_source(made(Random(1), few=0)) as source:
            before = sum(source.batches(), Subgraph())
        monkeypatch.setattr(Answers, "fill_page", fill_page)
        with open_source(made(Random(1), few=0)) as source:
            found = sum(source.batches(), Subgraph())
    assert {a.id for a in before.artifacts} - {a.id for a in found.artifacts} == {3}
    assert found.executions == before.executions
    assert 3 not in {event.artifact_id for event in found.events}
    assert [problem.place.rpartition(": ")[2] for problem in source.problems] == ["artifact 3"]


@pytest.mark.parametrize("bad", [2, 9])  # in between, and the newest
def test_a_node_that_the_service_cannot_give_costs_that_node(bad: int, tmp_path: Path) -> None:
    file = unpacked(10, tmp_path)
    before = whole(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute(f"DELETE FROM ArtifactProperty WHERE artifact_id = {bad}")
        connection.execute(
            "INSERT INTO ArtifactProperty (artifact_id, name, is_custom_property, proto_value)"
            f" VALUES ({bad}, 'odd', 1, '')"
        )
        connection.execute(f"INSERT OR IGNORE INTO Attribution VALUES (77, 1, {bad})")
    with original(file, tmp_path) as address, open_source(address) as service:
        found = sum(service.batches(), Subgraph())
    assert {a.id for a in before.artifacts} - {a.id for a in found.artifacts} == {bad}
    assert found.executions == before.executions
    assert set(found.associations) == set(before.associations)
    assert set(found.attributions) == {a for a in before.attributions if a.artifact_id != bad}
    assert {f"artifact {bad}"} == {p.place.rpartition(": ")[2] for p in service.problems}
    assert bad not in {event.artifact_id for event in found.events}
