"""The filter box of the lists: it takes ML Metadata's language, and says where a filter is wrong."""

from __future__ import annotations

import re
from html import unescape

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
    (shown,) = re.findall(r'id="wrong-where".*?</div>', page.text, re.DOTALL)
    assert "column 19" in shown
    assert "id = 1 AND uri &lt;&gt; &gt;\n                  ^" in shown
    assert 'value="id = 1 AND uri &lt;&gt; &gt;"' in page.text
    assert 'aria-describedby="wrong-where"' in page.text
    assert "No artifact meets" not in page.text


def test_a_program_gets_a_problem(client: TestClient) -> None:
    answer = client.get("/executions.json", params={"where": "events_x.uri = 'x'"})
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert "there is no 'events_x.uri'" in answer.json()["detail"]
    assert "artifact_id" in answer.json()["hint"]


def test_blanks_are_no_filter(client: TestClient) -> None:
    assert client.get("/contexts.json", params={"where": "  "}).json()["total"] > 0


@pytest.mark.parametrize("kind", list(Kind))
def test_every_example_is_a_filter(client: TestClient, kind: Kind) -> None:
    for text, _ in EXAMPLES[kind]:
        compile_filter(kind, text, strict=False)
        page = client.get(f"/{kind.value}s", params={"where": text})
        assert page.status_code == (422 if "within('my" in text else 200)  # there is no such run


def test_a_filter_is_checked_and_explained(client: TestClient) -> None:
    where = "name = 'it\\'s' OR upstream_of(54)"
    checked = client.get("/filters/artifacts/check.json", params={"where": where}).json()
    assert checked["ok"]
    assert checked["values"] == {"filter_value_0": "it's", "filter_upstream_0_id": 54}
    assert "$filter_value_0" in checked["cypher"]
    assert "it's" not in checked["cypher"]
    console = client.get(checked["console"].replace("/console?", "/console.json?")).json()
    found = client.get("/artifacts.json", params={"where": where, "descending": False}).json()
    assert [row[0] for row in console["rows"]] == [node["id"] for node in found["nodes"]] != []


def test_what_is_wrong_is_told_with_its_place(client: TestClient) -> None:
    where = "id > 1 AND\n  contexts_x.y = 2"
    checked = client.get("/filters/executions/check.json", params={"where": where}).json()
    assert not checked["ok"]
    assert (checked["position"], checked["line"], checked["column"]) == (13, 1, 2)
    assert checked["text"] == "  contexts_x.y = 2"
    assert checked["message"].startswith("there is no 'contexts_x.y'")
    assert "contexts_x has: id" in checked["hint"]
    assert client.get("/filters/contexts/check.json").json()["ok"]


@pytest.mark.parametrize(
    ("kind", "where", "option"),
    [
        ("artifacts", "", "name"),
        ("artifacts", "tfx_v", "tfx_version"),
        ("artifacts", "type = 'Mod", "'Model'"),
        ("artifacts", "state = ", "LIVE"),
        ("artifacts", "id > 1 ", "AND "),
        ("artifacts", "NOT upst", "upstream_of("),
        ("executions", "contexts_run.", "contexts_run.name"),
        ("executions", "within('2026-11-23T09:47:21.2", "'2026-11-23T09:47:21.279170')"),
        ("contexts", "id ", "IN ("),
    ],
)
def test_what_may_stand_next(client: TestClient, kind: str, where: str, option: str) -> None:
    asked = {"where": where, "at": len(where)}
    answer = client.get(f"/filters/{kind}/complete.json", params=asked).json()
    assert option in [one["insert"] for one in answer["options"]]
    assert where[: answer["start"]] + option.rstrip() != where


def test_a_node_that_is_not_there_is_told_under_the_box(client: TestClient) -> None:
    page = client.get("/artifacts", params={"where": "id = 1 AND upstream_of(9999)"})
    assert page.status_code == 422
    assert "there is no artifact/9999" in page.text
    assert client.get("/artifacts.json", params={"where": "within('nobody')"}).status_code == 422


def test_a_picture_is_marked_by_a_filter_for_either_kind(client: TestClient) -> None:
    asked = {"where": "last_known_state = CACHED"}
    assert client.get("/filters/nodes/check.json", params=asked).json()["ok"]
    wrong = client.get("/filters/nodes/check.json", params={"where": "type ="}).json()
    assert (wrong["ok"], wrong["position"]) == (False, 6)
    found = client.get("/filters/nodes/complete.json", params={"where": "", "at": 0}).json()
    offered = {option["insert"].strip() for option in found["options"]}
    assert {"uri", "last_known_state"} <= offered
    page = client.get("/artifacts/20/lineage", params={"find": "type = 'Model'"}).text
    assert "Mark what meets a filter" in page
    assert 'value="type = &#39;Model&#39;"' in page


def test_a_misspelt_property_is_noted(client: TestClient) -> None:
    """A name that nothing has is no mistake, but nothing will be found: the likely one is named."""
    noted = client.get("/filters/artifacts/check.json", params={"where": "spam > 1"}).json()
    assert noted["ok"]
    assert "declares a property 'spam'" in noted["note"]
    assert noted["note"].endswith("Did you mean 'span'?")
    for where in ("span > 1", "name = 'x' AND tfx_version = '1'", "", "(("):
        asked = client.get("/filters/artifacts/check.json", params={"where": where}).json()
        assert asked.get("note", "") == "", where
    both = client.get("/filters/nodes/complete.json", params={"where": "spam > 1", "at": 0}).json()
    assert "'span'" in both["check"]["note"]
    assert (
        client.get("/filters/nodes/check.json", params={"where": "span > 1"}).json()["note"] == ""
    )
    page = client.get("/artifacts", params={"where": "properties.spam.int_value > 1"}).text
    assert "Did you mean &#39;span&#39;?" in page
    lineage = client.get("/artifacts/20/lineage", params={"find": "spam > 1"}).text
    assert "Did you mean &#39;span&#39;?" in lineage.partition('class="dropped"')[2]


def test_what_a_denied_condition_leaves_out_is_said_beside_the_filter(client: TestClient) -> None:
    noted = client.get("/filters/artifacts/check.json", params={"where": "NOT span > 1"}).json()
    assert noted["note"] == (
        "This leaves out the artifacts that have no span. "
        "To find them too: NOT span > 1 OR span IS NULL"
    )
    page = client.get("/artifacts", params={"where": "NOT span > 1", "type": "Model"})
    assert "This leaves out the artifacts that have no span." in page.text
    (path,) = re.findall(r'href="(\?[^"]*)">Show those too', page.text)
    more = client.get(f"/artifacts{unescape(path)}")
    assert more.status_code == 200
    assert "3 artifacts" in more.text
    assert "Show those too" not in more.text


def test_a_state_in_an_address_may_be_in_any_case_and_is_refused_where_there_is_none(
    client: TestClient,
) -> None:
    one, other = (client.get(f"/executions.json?state={s}").json() for s in ("CACHED", "cached"))
    assert one["total"] == other["total"] > 0
    refused = client.get("/executions.json?state=done")
    assert refused.status_code == 422
    assert "COMPLETE" in refused.json()["hint"]
