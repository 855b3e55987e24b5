"""OpenLineage's clients send events here: codes, answers, limits, and what is in the store afterwards."""

from __future__ import annotations

import gzip
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from pydantic import SecretStr
from starlette.testclient import TestClient

from lineage_graph.errors import Unreachable
from lineage_graph.exchange import open_source
from lineage_graph.model import Artifact, Execution, Kind
from lineage_graph.server.app import create_app
from lineage_graph.server.views import openlineage
from lineage_graph.store import Find, Store
from tests.conftest import DATA
from tests.exchange.openlineage.made import Graph, dataset, event

PATH = "/api/v1/lineage"
JSON = {"content-type": "application/json"}


def stored(store: Store) -> Graph:
    """Return what a store holds, as the tests of files see it."""
    graph = Graph()
    for kind in Kind:
        for node in store.find(Find(kind=kind, limit=1000)).nodes:
            graph.nodes[kind, node.origin or ""] = node
    names = {n.ref: n.origin or "" for n in graph.nodes.values()}
    links = store.links(names)
    for e in links.events:
        ends = [names[Kind.ARTIFACT, e.artifact_id], names[Kind.EXECUTION, e.execution_id]]  # type: ignore[index]
        graph.links.add((e.type.value, *(ends if e.type.is_input else ends[::-1])))
    return graph


def test_what_a_client_sends_over_http_is_what_the_file_of_it_tells(
    blank: TestClient, store: Store, tmp_path: Any
) -> None:
    lines = (DATA / "dbt_ol_http_capture.ndjson").read_text().splitlines()
    bodies = [json.loads(line)["body"] for line in lines]
    for body in bodies:
        assert blank.post(PATH, json=body).status_code == 201
    online = stored(store)
    path = tmp_path / "file.ndjson"
    path.write_text("".join(json.dumps(body) + "\n" for body in bodies))
    with open_source(path) as source:
        result = store.load_keyed(source.batches(), source.source)
    assert (result.created, result.updated, result.new_links) == (0, 0, 0)
    assert online.flow() == stored(store).flow()
    assert len(online.flow()) == 9
    again = blank.post(f"{PATH}/batch", json=bodies)
    assert again.json()["summary"]["successful"] == 70
    assert stored(store).flow() == online.flow()


def test_a_run_reads_what_was_written_before_whenever_that_is_told(
    blank: TestClient, store: Store
) -> None:
    def send(*told: Any, **named: Any) -> None:
        assert blank.post(PATH, json=event(*told, **named)).status_code == 201

    send("COMPLETE", "reader", 5, inputs=["t"])  # it comes before what it read
    send("COMPLETE", "w1", 1, outputs=["t"])
    send("START", "r", 2, inputs=["t"])
    send("COMPLETE", "w2", 3, outputs=["t"])
    send("COMPLETE", "r", 4, inputs=["t"])
    send("COMPLETE", "last", 9, inputs=["t"], outputs=["t"])
    assert stored(store).flow() == {
        ("t @ w2", "job of reader reader"),
        ("job of w1 w1", "t @ w1"),
        ("t @ w1", "job of r r"),
        ("job of w2 w2", "t @ w2"),
        ("t @ w2", "job of last last"),
        ("job of last last", "t @ last"),
    }
    reader = stored(store).node(Kind.EXECUTION, "job of reader")
    assert ">inferred</span>" in blank.get(f"/executions/{reader.id}").text
    (event_,) = store.walk(reader.ref, hops=1).graph.events
    assert event_.inferred_at is not None


def test_many_clients_at_once_and_compressed_batches(blank: TestClient, store: Store) -> None:
    events = [
        event(kind, f"run {i}", i % 50 + after, inputs=["in"], outputs=[f"out {i % 3}"], job="many")
        for i in range(60)
        for kind, after in (("COMPLETE", 0.5), ("START", 0))
    ]
    headers = JSON | {"content-encoding": "gzip"}
    with ThreadPoolExecutor(8) as pool:
        codes = list(pool.map(lambda e: blank.post(PATH, json=e).status_code, events[::2]))
    assert set(codes) == {201}
    packed = gzip.compress(json.dumps(events).encode())
    answer = blank.post(f"{PATH}/batch", content=packed, headers=headers)
    assert answer.json()["status"] == "success"
    graph = stored(store)
    executions = [n for n in graph.nodes.values() if isinstance(n, Execution)]
    assert len(executions) == 60
    assert {e.last_known_state.value for e in executions} == {"COMPLETE"}
    assert len([n for n in graph.nodes.values() if isinstance(n, Artifact)]) == 61


def test_what_is_wrong_with_an_event_is_said_once_and_for_all(blank: TestClient) -> None:
    good = event("COMPLETE", "r", 1)
    bad = good | {"run": {}}
    for body, words in (
        (b"{", "this is no JSON"),
        (b"[]", "an event is a JSON object"),
        (json.dumps(bad).encode(), "run.runId: field required"),
        (b"[" * 100_000, "this is no JSON"),
    ):
        answer = blank.post(PATH, content=body, headers=JSON)
        assert answer.status_code == 400
        assert words in answer.json()["detail"]
    mixed = blank.post(f"{PATH}/batch", json=[good, bad, 7])
    assert mixed.status_code == 200
    told = mixed.json()
    assert told["status"] == "partial_success"
    assert told["summary"]["successful"] == 1
    assert [(f["index"], f["retriable"]) for f in told["failed_events"]] == [(1, False), (2, False)]
    assert blank.post(f"{PATH}/batch", json=good).status_code == 400
    assert blank.post(PATH, content=b"x", headers={"content-type": "text/plain"}).status_code == 415
    coded = JSON | {"content-encoding": "gzip"}
    assert blank.post(PATH, content=b"not packed", headers=coded).status_code == 400
    cut = gzip.compress(json.dumps(good).encode())[:-9]
    assert blank.post(PATH, content=cut, headers=coded).status_code == 400
    assert (
        blank.post(PATH, content=b"", headers=JSON | {"content-encoding": "br"}).status_code == 415
    )


def test_sizes_are_limited_also_of_what_was_compressed(
    blank: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(openlineage, "LONGEST", 1000)
    monkeypatch.setattr(openlineage, "LONGEST_TEXT", 5000)
    assert blank.post(PATH, content=b" " * 1001, headers=JSON).status_code == 413
    bomb = gzip.compress(b" " * 100_000)
    headers = JSON | {"content-encoding": "gzip"}
    assert blank.post(PATH, content=bomb, headers=headers).status_code == 413


def test_a_store_that_is_down_means_later(
    blank: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: Any) -> None:
        raise Unreachable("The database does not answer.")

    monkeypatch.setattr(store, "load_keyed", down)
    answer = blank.post(PATH, json=event("START", "r", 1))
    assert answer.status_code == 503
    assert "does not answer" in answer.json()["detail"]
    monkeypatch.undo()
    assert blank.post(PATH, json=event("START", "r", 1)).status_code == 201


def test_the_access_token_is_the_clients_api_key(store: Store) -> None:
    settings = store.settings.model_copy(update={"access_token": SecretStr("correct horse")})
    with TestClient(create_app(store, settings), "http://127.0.0.1") as client:
        body = event("START", "r", 1, outputs=[dataset("t")])
        assert client.post(PATH, json=body).status_code == 401
        key = {"authorization": "Bearer correct horse"}
        assert client.post(PATH, json=body, headers=key).status_code == 201
        elsewhere = key | {"sec-fetch-site": "cross-site"}
        assert client.post(PATH, json=body, headers=elsewhere).status_code == 403
