"""Nodes with very many of something: their pages count, cut and turn; what they read does not grow with them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.model import (
    Artifact,
    Subgraph,
)
from lineage_graph.server.app import create_app
from lineage_graph.store import Store
from lineage_graph.store.session import Transaction
from tests.server.hubs import fill

READERS, COLUMNS, CONTEXTS, PROPERTIES, LETTERS = 500, 250, 250, 250, 30_000
HUB, JOIN, NARROW, WIDE, SHARED, LONG = 1, READERS + 1, *range(2 * READERS + 2, 2 * READERS + 6)


@pytest.fixture
def client(store: Store) -> Iterator[TestClient]:
    fill(store, READERS, COLUMNS, CONTEXTS, PROPERTIES, LETTERS)
    with TestClient(create_app(store), "http://127.0.0.1") as client:
        yield client


@pytest.fixture
def fetched(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many values each statement answered, those in lists counted one by one."""
    counts: list[int] = []
    run = Transaction.run_text

    def counting(self: Transaction, text: str, values: Any) -> Any:
        records = run(self, text, values)
        counts.append(sum(_size(value) for record in records for value in record.values()))
        return records

    monkeypatch.setattr(Transaction, "run_text", counting)
    return counts


def _size(value: Any) -> int:
    if isinstance(value, dict):
        return sum(map(_size, value.values()))
    return sum(map(_size, value)) if isinstance(value, list) else 1


def test_what_is_many_is_counted_cut_and_turned(client: TestClient, fetched: list[int]) -> None:
    _turn_neighbours(client, fetched)
    _turn_and_search_columns(client, fetched)
    _turn_contexts_and_properties(client)
    page = client.get(f"/artifacts/{HUB}.json?downstream_page=900&columns_page=7&contexts_page=7")
    assert page.status_code == 200
    assert (page.json()["downstream"], page.json()["downstream_total"]) == ([], READERS)
    assert client.get(f"/artifacts/{HUB}?downstream_page=0").status_code == 422


def _turn_neighbours(client: TestClient, fetched: list[int]) -> None:
    for path, side, kind in (
        (f"/artifacts/{HUB}", "downstream", "execution"),
        (f"/executions/{JOIN}", "upstream", "artifact"),
    ):
        fetched.clear()
        first = client.get(f"{path}.json").json()
        assert max(fetched) < 4_000
        assert first[f"{side}_total"] == READERS
        assert len(first[side]) == 200
        seen: set[int] = set()
        number: int | None = 1
        while number is not None:
            page = client.get(f"{path}.json?{side}_page={number}").json()
            found = {one["node"]["id"] for one in page[side]}
            assert len(found) == len(page[side])
            assert not found & seen
            assert all(one["events"] for one in page[side])
            seen |= found
            number = page[f"{side}_next"]
        assert len(seen) == READERS
        html = client.get(f"{path}?{side}_page=2").text
        assert f"200 of {READERS} shown" in html
        assert f"?{side}_page=3" in html
        assert f"?{side}_page=1" in html
        assert html.count(f'class="chip {kind}"') == 200
        fetched.clear()
        panel = client.get(f"{path}/panel").text
        assert max(fetched) < 4_000
        assert f"and {READERS - 12} more" in panel


def _turn_and_search_columns(client: TestClient, fetched: list[int]) -> None:
    fetched.clear()
    path = f"/artifacts/{WIDE}"
    found = client.get(f"{path}.json").json()
    assert max(fetched) < 1_000
    assert (found["columns_total"], len(found["columns"]), found["columns_next"]) == (
        COLUMNS,
        100,
        2,
    )
    assert found["columns"][0]["name"] == "c0"
    assert [one["link"]["source_column"] for one in found["columns"][0]["sources"]] == ["s0", "s1"]
    assert found["columns"][0]["sources"][0]["node"]["ref"] == f"artifact/{NARROW}"
    names = [
        column["name"]
        for number in range(1, 4)
        for column in client.get(f"{path}.json?columns_page={number}").json()["columns"]
    ]
    assert names == sorted(f"c{n}" for n in range(COLUMNS))
    held = client.get(f"{path}.json?columns_text=C24").json()
    assert [column["name"] for column in held["columns"]] == [
        "c24",
        *(f"c24{n}" for n in range(10)),
    ]
    html = client.get(f"{path}?columns_page=2").text
    assert f"100 of {COLUMNS} shown" in html
    assert "?columns_page=3" in html
    assert client.get(f"/artifacts/{NARROW}.json").json()["columns_total"] == 0


def _turn_contexts_and_properties(client: TestClient) -> None:
    found = client.get(f"/artifacts/{SHARED}.json").json()
    assert (found["contexts_total"], len(found["contexts"]), found["contexts_next"]) == (
        250,
        100,
        2,
    )
    pages = [client.get(f"/artifacts/{SHARED}.json?contexts_page={n}").json() for n in (1, 2, 3)]
    ids = [context["id"] for page in pages for context in page["contexts"]]
    assert (len(ids), len(set(ids)), pages[2]["contexts_next"]) == (250, 250, None)
    assert "100 of 250 shown" in client.get(f"/artifacts/{SHARED}").text
    for path in (f"/artifacts/{LONG}", f"/executions/{READERS + 3}", f"/contexts/{CONTEXTS + 2}"):
        names: set[str] = set()
        for number in (1, 2, 3):
            page = client.get(f"{path}?properties_page={number}").text
            names |= set(re.findall(r'<th scope="row">((?:key\d+)|text|n)</th>', page))
        assert {f"key{n}" for n in range(PROPERTIES)} | {"text"} <= names
        assert f"of {len(names):,} shown" in page
    last = client.get(f"/artifacts/{LONG}?properties_page=3").text
    assert "show the first 20,000 of 30,000 characters" in last
    assert f'href="/artifacts/{LONG}.json">The whole value' in last
    whole = client.get(f"/artifacts/{LONG}.json").json()["node"]["custom_properties"]
    assert len(str(whole["text"])) > LETTERS


def test_nodes_too_large_for_one_list_are_read_and_compared(
    client: TestClient, store: Store
) -> None:
    """On the embedded engine two of 5,000 properties are more than a list of it may hold."""
    values = {f"key{n}": f"value {n}" for n in range(5_000)}
    nodes = tuple(
        Artifact(id=-1 - n, type="Model", name=f"larger {n}", custom_properties=values)
        for n in range(3)
    )
    ids = store.put(Subgraph(artifacts=nodes)).artifact_ids
    assert len(store.get(nodes[0].kind, ids)) == 3
    compared = client.get(f"/compare?node=artifact/{ids[0]}&node=artifact/{ids[1]}")
    assert compared.status_code == 200
