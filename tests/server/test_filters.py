"""The filter box of the lists: it takes ML Metadata's language, and says where a filter is wrong."""

from __future__ import annotations

import re

import pytest
from starlette.testclient import TestClient

from lineage_graph.filters import compile_filter
from lineage_graph.model import Kind
from lineage_graph.server.views.lists import EXAMPLES


def test_a_filter_finds_what_it_says(client: TestClient) -> None:
    where = "type = 'Model' AND events_made.type = OUTPUT"
    found = client.get("/artifacts.json", params={"where": where}).json()
    assert found["total"] == 3
    assert {node["type"] for node in found["nodes"]} == {"Model"}
    page = client.get("/artifacts", params={"where": where})
    assert page.status_code == 200
    assert "3 artifacts" in page.text
    assert "type = &#39;Model&#39; AND" in page.text


def test_a_wrong_filter_is_shown_under_its_box(client: TestClient) -> None:
    page = client.get("/artifacts", params={"where": "id = 1 AND uri <> >"})
    assert page.status_code == 422
    (shown,) = re.findall(r'id="wrong-filter"[^>]*>([^<]*)<', page.text)
    assert "column 19" in shown
    assert 'value="id = 1 AND uri &lt;&gt; &gt;"' in page.text
    assert 'aria-describedby="wrong-filter"' in page.text
    assert "No artifact meets" not in page.text


def test_a_program_gets_a_problem(client: TestClient) -> None:
    answer = client.get("/executions.json", params={"where": "uri = 'x'"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "there is no 'uri'" in answer.json()["detail"]
    assert "last_known_state" in answer.json()["hint"]


def test_blanks_are_no_filter(client: TestClient) -> None:
    assert client.get("/contexts.json", params={"where": "  "}).json()["total"] > 0


@pytest.mark.parametrize("kind", list(Kind))
def test_every_example_is_a_filter(client: TestClient, kind: Kind) -> None:
    for text, _ in EXAMPLES[kind]:
        compile_filter(kind, text)
        assert client.get(f"/{kind.value}s", params={"where": text}).status_code == 200
