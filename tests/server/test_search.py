"""The search page: what holds a text, in names and in properties; ids lead straight to a node."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.model import Artifact, Kind, Subgraph
from lineage_graph.server.views import search
from lineage_graph.store import Search, Store
from tests.store.build import put_artifact, put_context, with_types


def hits(client: TestClient, text: str, **given: Any) -> dict[str, list[str]]:
    found = client.get("/search.json", params={"text": text, **given}).json()
    return {group["title"]: [hit["path"] for hit in group["hits"]] for group in found["groups"]}


def test_names_types_addresses_and_questions(client: TestClient) -> None:
    assert "/contexts/38" in hits(client, "2026-11-23T09:47")["Contexts"]
    assert hits(client, "modelblessing")["Types"] == ["/artifacts?type=ModelBlessing"]
    assert hits(client, "Trainer/model", limit=50)["Artifacts"]
    assert "/ask/failed-runs" in hits(client, "runs failed")["Questions"]


def test_ids_lead_to_nodes(client: TestClient) -> None:
    for text in ("20", "#20"):
        assert hits(client, text)["Go to"][:2] == ["/artifacts/20", "/executions/20"]
    assert hits(client, "artifact/20")["Go to"] == ["/artifacts/20"]
    assert "Go to" not in hits(client, "artifact/999999")
    assert "Go to" not in hits(client, "9" * 40)


def test_properties_are_looked_at_unless_told_otherwise(client: TestClient) -> None:
    assert hits(client, "1.16.0")["By a property"]
    assert "By a property" not in hits(client, "1.16.0", properties="no")


def test_the_page_says_the_same_and_escapes(client: TestClient) -> None:
    assert "/artifacts?type=ModelBlessing" in client.get("/search?text=modelblessing").text
    page = client.get("/search", params={"text": "<script>"}).text
    assert "<script>" not in page.split("<h1>")[1]
    assert "Nothing in this store holds that" in page
    assert client.get("/search").status_code == 200


def test_the_newest_come_first_from_every_window(store: Store) -> None:
    with_types(store)
    names = [f"{'Größe' if number % 3 else 'other'}-{number}" for number in range(300)]
    nodes = tuple(Artifact(type="Data", name=name) for name in names)
    store.put(Subgraph(artifacts=nodes))
    last = put_artifact(store, uri="s3://GRÖSSE/größe", external_id="x-1")
    put_context(store, "größe")
    found = store.search("größe", Search(limit=500))
    ids = [hit.node.id or 0 for hit in found if hit.node.kind is Kind.ARTIFACT]
    assert ids == [last, *(number + 1 for number in reversed(range(300)) if number % 3)]
    assert [hit.node.name for hit in found if hit.node.kind is Kind.CONTEXT] == ["größe"]
    assert [hit.node.id for hit in store.search("X-1")] == [last]


def test_values_of_properties(store: Store) -> None:
    with_types(store)
    put_artifact(
        store, name="sha", properties={"s": "SHA256:ab"}, custom_properties={"my k": 12345}
    )
    put_artifact(store, properties={"t": {"deep": "needle"}}, custom_properties={"id": "needles"})

    def found(text: str) -> list[tuple[int | None, tuple[str, ...]]]:
        wanted = Search(properties=True)
        return [(hit.node.id, tuple(sorted(hit.properties))) for hit in store.search(text, wanted)]

    assert found("sha256:A") == [(1, ("s",))]
    assert found("2345") == [(1, ("my k",))]
    assert found("needle") == [(2, ("id", "t"))]
    assert found("Data") == []


def test_properties_of_older_nodes_are_left_out_said_and_offered(
    blank: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_NEWEST_WITH_PROPERTIES", 2)
    with_types(store)
    for number in range(5):
        put_artifact(store, custom_properties={"note": f"needle {number}"})
    page = blank.get("/search?text=needle")
    assert hits(blank, "needle")["By a property"] == ["/artifacts/5", "/artifacts/4"]
    assert "3 older ones were left out" in page.text
    assert "Nothing that was looked through holds that" in blank.get("/search?text=needle+0").text
    assert hits(blank, "needle 0", properties="all")["By a property"] == ["/artifacts/1"]
    assert "left out" not in blank.get("/search?text=needle&properties=all").text
