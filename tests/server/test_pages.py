"""Every page, as a page and as data: nothing leads nowhere, and what is shown is what is stored."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionType,
    PropertyKind,
    Subgraph,
)
from lineage_graph.store import Store
from tests.store.build import put_artifact, with_types

_MOST = 150  # pages of a crawl


def data(client: TestClient, path: str) -> Any:
    response = client.get(path)
    assert response.status_code == 200, response.text
    return response.json()


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_no_link_leads_nowhere(client: TestClient) -> None:
    waiting, seen = ["/"], {"/"}
    while waiting and len(seen) < 2000:
        path = waiting.pop(0)
        response = client.get(path)
        assert response.status_code == 200, path
        if len(seen) > _MOST:
            continue
        for link in re.findall(r'(?:href|src)="([^"]+)"', response.text):
            address = unescape(link)
            if address.startswith(("?", "#")):
                address = path.partition("?")[0] + address.partition("#")[0]
            assert address.startswith("/"), f"{path} leads away, to {address}"
            if address not in seen:
                seen.add(address)
                if len(seen) <= _MOST:
                    waiting.append(address)
    assert len(seen) > 100


def test_the_overview_counts_what_is_stored(client: TestClient) -> None:
    found = data(client, "/overview.json")
    assert found["counts"] == {"artifacts": 58, "executions": 51, "contexts": 44}
    assert found["failed"] == 4
    (pipeline,) = found["pipelines"]
    assert pipeline["pipeline"]["name"] == "penguin_local_keras"
    assert pipeline["pipeline"]["runs"] == len(pipeline["runs"]["rows"]) == 5
    page = text_of(client.get("/").text)
    assert "58 artifacts" in page
    assert "penguin_local_keras pipeline with 5 runs" in page


def test_runs_show_how_they_ended(client: TestClient) -> None:
    page = client.get("/contexts/1").text
    assert page.count('class="state bad"') >= 3
    found = data(client, "/contexts/1.json")
    states = [row[2][0]["text"] for row in found["runs"]["rows"]]
    assert states == ["COMPLETE", "FAILED", "COMPLETE", "COMPLETE", "FAILED"]


def test_a_run_is_drawn_with_states(client: TestClient) -> None:
    found = data(client, "/contexts/38.json")
    states = [card["state"] for card in found["picture"]["cards"] if card["kind"] == "execution"]
    assert sorted(states) == ["CACHED"] * 4 + ["COMPLETE"] * 8
    assert found["states"] == {"COMPLETE": 8, "CACHED": 4}
    assert len(found["picture"]["wires"]) == 41


def test_a_node_says_what_made_and_used_it(client: TestClient) -> None:
    found = data(client, "/artifacts/20.json")
    assert [item["node"]["ref"] for item in found["upstream"]] == ["execution/26"]
    assert [item["node"]["ref"] for item in found["downstream"]] == ["execution/28"]
    page = text_of(client.get("/artifacts/20").text)
    assert "Transform #26" in page
    assert "transformed_examples" in page
    assert "What must be trained again if this dataset is withdrawn?" in page


def test_what_handed_an_artifact_on_is_told_from_what_made_it(client: TestClient) -> None:
    page = text_of(client.get("/artifacts/1").text)
    assert "Made by 1 CsvExampleGen #1 complete examples Handed on by 4 more" in page
    panel = text_of(client.get("/artifacts/1/panel").text)
    assert "Made by (1)" in panel
    assert "handed on by 4 more" in panel


def test_an_execution_is_called_and_compared_by_its_step(client: TestClient) -> None:
    page = client.get("/executions/21").text
    assert "<h1>CsvExampleGen_Unlabelled " in page
    assert "Why is it different from #9, the one before?" in page  # #20 is of another step
    cards = data(client, "/contexts/26.json")["picture"]["cards"]
    (card,) = (card for card in cards if card["key"] == "execution/21")
    assert card["heading"] == "CsvExampleGen_Unlabelled"
    assert card["text"] == "#21  CsvExampleGen  from the cache"


def test_a_failed_execution_says_why(client: TestClient) -> None:
    page = text_of(client.get("/executions/12").text)
    assert "It failed. tfx.orchestration.portable.input_resolution.exceptions" in page


def test_lineage_grows_where_it_is_opened(client: TestClient) -> None:
    small = data(client, "/artifacts/20/lineage.json")["picture"]
    assert small["reason"] == "hops"
    card = next(card for card in small["cards"] if card["key"] == "execution/26")
    assert card["hidden_upstream"] == card["upstream"] == 3
    grown = data(client, "/artifacts/20/lineage.json?opened=execution/26-upstream")["picture"]
    assert len(grown["cards"]) == len(small["cards"]) + 3
    card = next(card for card in grown["cards"] if card["key"] == "execution/26")
    assert card["hidden_upstream"] == 0


def test_lineage_says_when_it_is_cut(client: TestClient) -> None:
    cut = data(client, "/artifacts/20/lineage.json?depth=100&limit=10")["picture"]
    assert (len(cut["cards"]), cut["reason"], cut["truncated"]) == (10, "nodes", True)
    page = text_of(client.get("/artifacts/20/lineage?depth=100&limit=10").text)
    assert "10 of 105 nodes" in page
    assert "This is not all" in page
    whole = data(client, "/artifacts/20/lineage.json?depth=100")["picture"]
    assert (whole["reason"], whole["truncated"]) == ("", False)


def test_the_list_twin_holds_every_card(client: TestClient) -> None:
    cards = data(client, "/contexts/38.json")["picture"]["cards"]
    twin = client.get("/contexts/38").text.partition('class="twin"')[2]
    for card in cards:
        assert f">{card['key']}</a>" in twin


def test_svg_is_whole(client: TestClient) -> None:
    response = client.get("/artifacts/20/lineage.svg?depth=100")
    assert response.headers["content-type"] == "image/svg+xml"
    cards = data(client, "/artifacts/20/lineage.json?depth=100")["picture"]["cards"]
    assert response.text.count("<g class=") == len(cards)


def test_lists_page_through_everything_once(client: TestClient) -> None:
    refs: list[str] = []
    after = ""
    while after is not None:
        page = data(client, f"/artifacts.json?limit=7&sort=name&after={after}")
        refs += [node["ref"] for node in page["nodes"]]
        assert page["total"] == 58
        after = page["next"]
    assert len(refs) == len(set(refs)) == 58


@pytest.mark.parametrize(
    ("query", "total"),
    [
        ("type=Model", 3),
        ("text=penguin", 58),
        ("context=38", 23),
        ("where=custom_properties.is_external.int_value+IS+NOT+NULL", 52),
        ("where=custom_properties.tfx_version.string_value+=+'1.16.0'", 52),
        ("since=2100-01-01", 0),
        ("before=2100-01-01", 58),
        ("state=LIVE", 58),
        ("type=nothing", 0),
    ],
)
def test_filters(client: TestClient, query: str, total: int) -> None:
    found = data(client, f"/artifacts.json?{query}")
    expected = list(data(client, "/artifacts.json?limit=1000")["nodes"])
    if "custom" in query:
        name = "is_external" if "is_external" in query else "tfx_version"
        total = sum(name in node["custom_properties"] for node in expected)
        assert total > 0
    if query.startswith("text"):
        total = sum("penguin" in f"{n['name']}{n['type']}{n['uri']}" for n in expected)
    assert found["total"] == total
    assert client.get(f"/artifacts?{query}").status_code == 200


def test_types_count_their_nodes(client: TestClient) -> None:
    types = data(client, "/types.json")["types"]
    assert {t["name"]: t["nodes"] for t in types}["Model"] == 3
    assert sum(t["nodes"] for t in types) == 58 + 51 + 44


def test_an_empty_store_says_what_to_do(blank: TestClient) -> None:
    page = text_of(blank.get("/").text)
    assert "This store is empty." in page
    assert "lineage-graph import" in page
    for path in ("/artifacts", "/executions", "/contexts", "/types", "/ask", "/console"):
        assert blank.get(path).status_code == 200


EVIL = "<script>alert(1)</script>\"'`{{7*7}}</style>\n\x07__proto__\u202e"


def test_names_are_text_on_every_page(blank: TestClient, store: Store) -> None:
    result = store.put(
        Subgraph(
            artifact_types=(
                ArtifactType(id=-1, name=EVIL, properties={EVIL: PropertyKind.STRING}),
            ),
            execution_types=(ExecutionType(id=-2, name=EVIL),),
            context_types=(ContextType(id=-3, name=EVIL + "run"),),
            artifacts=(
                Artifact(
                    id=-1,
                    type_id=-1,
                    name=EVIL,
                    uri=EVIL,
                    properties={EVIL: EVIL},
                    custom_properties={EVIL: {EVIL: EVIL}},
                ),
            ),
            executions=(Execution(id=-1, type_id=-2, name=EVIL),),
            contexts=(Context(id=-1, type_id=-3, name=EVIL),),
            events=(Event(artifact_id=-1, execution_id=-1, type=EventType.OUTPUT, path=(EVIL,)),),
        )
    )
    (artifact,), (execution,), (context,) = (
        result.artifact_ids,
        result.execution_ids,
        result.context_ids,
    )
    for path in (
        "/",
        "/types",
        "/artifacts",
        "/executions",
        "/contexts",
        f"/artifacts/{artifact}",
        f"/artifacts/{artifact}/panel",
        f"/artifacts/{artifact}/lineage",
        f"/artifacts/{artifact}/lineage.svg",
        f"/executions/{execution}",
        f"/contexts/{context}",
        f"/ask/inputs-and-outputs?execution={execution}",
        "/console?cypher=MATCH (a)-[e]->(b) RETURN a, e, b",
    ):
        response = blank.get(path)
        assert response.status_code == 200, (path, response.text)
        assert "<script>alert" not in response.text, path
        assert "49" not in re.findall(r"\{?\{?(49)\}?\}?</style", response.text)


def test_long_values_are_folded_and_bookkeeping_stands_apart(
    blank: TestClient, store: Store
) -> None:
    held = {
        "schema": {"fields": [{"name": f"column {n}"} for n in range(60)]},
        "note": "short",
        "told": {"schema": 1767225600000},
    }
    put = store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="Table"),),
            artifacts=(Artifact(id=-1, type="Table", custom_properties=held),),
        )
    )
    for path in ("", "/panel"):
        page = blank.get(f"/artifacts/{put.artifact_ids[0]}{path}").text
        assert re.search(r"</span> show all 18\d lines</summary>", page)
        assert "column 59" in page
        assert page.index("What was told of it") < page.index(">told<")
        assert ">short<" in page


def test_lists_are_sorted_by_properties(blank: TestClient, store: Store) -> None:
    with_types(store)
    for accuracy in (0.7, 0.9, None, 3):
        put_artifact(store, custom_properties={} if accuracy is None else {"accuracy": accuracy})
    html = blank.get("/artifacts?sort=accuracy&limit=3").text
    assert [int(i) for i in re.findall(r'value="artifact/(\d+)"', html)] == [4, 2, 1]
    assert 'aria-sort="descending"><a href="?' in html
    assert "0.9</td>" in html
    following = unescape(re.findall(r'rel="next" href="([^"]+)"', html)[0])
    assert [n["id"] for n in blank.get(f"/artifacts.json{following}").json()["nodes"]] == [3]
    of_type = blank.get("/artifacts?type=Data").text
    assert "sort=accuracy" in of_type
    assert "Did you mean" in blank.get("/artifacts?sort=acuracy").text
