"""Pages that compare: what they say, what they leave out and say so, and where they are reached from."""

from __future__ import annotations

import re
from functools import partial
from html import unescape

import pytest
from starlette.testclient import TestClient

from lineage_graph.drawing.picture import draw
from lineage_graph.drawing.transforms.compose import Look
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Event,
    EventType,
    Execution,
    ExecutionType,
    Kind,
    Subgraph,
)
from lineage_graph.server.views import differences
from lineage_graph.store import Store


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html)).split())


def test_an_artifacts_page_leads_to_why(client: TestClient) -> None:
    page = client.get("/artifacts/29").text
    (path,) = re.findall(r'href="(/why\?[^"]+)"', page)
    answer = client.get(unescape(path))
    assert answer.status_code == 200
    text = text_of(answer.text)
    assert "Why is Model #29 different from Model #14 ?" in text
    assert "Same code, same parameters, but Transform read an extra input: analyzer_cache" in text
    assert "Transform #14 / #26 → Examples #11 / #20 → Trainer #16 / #28 → Model #14 / #29" in text


def test_why_as_data(client: TestClient) -> None:
    found = client.get("/why.json?one=artifact/14&other=artifact/29").json()["why"]
    (reason,) = found["reasons"]
    assert (reason["cause"], reason["change"], reason["distance"]) == ("input", "added", 3)
    assert reason["path"][-1] == {"name": "Model", "one": "artifact/14", "other": "artifact/29"}
    assert found["changes"]["artifact/12"] == "added"
    assert found["changes"]["artifact/1"] == "same"
    assert found["counterparts"]["artifact/29"] == "artifact/14"


def test_both_are_drawn_as_one(client: TestClient) -> None:
    page = client.get("/why?one=artifact/14&other=artifact/29").text
    assert "#14 \\u2192 #29" in page
    svg = client.get("/why.svg?one=artifact/14&other=artifact/29")
    assert svg.headers["content-type"].startswith("image/svg+xml")
    assert "#14 → #29" in svg.text
    assert 'class="artifact added"' in svg.text
    assert 'aria-label="added"' in page  # the list says it too


def test_why_asks_for_what_it_lacks_and_says_what_is_wrong(client: TestClient) -> None:
    assert "Name two artifacts" in text_of(client.get("/why").text)
    other_type = client.get("/why?one=artifact/14&other=artifact/1")
    assert other_type.status_code == 422
    assert "Compare them side by side instead" in text_of(other_type.text)
    assert client.get("/why?one=artifact/14&other=artifact/9999").status_code == 404
    assert client.get("/why?one=%3Cscript%3E&other=x").status_code == 422


def test_side_by_side_only_what_differs_or_all(client: TestClient) -> None:
    base = "/compare?node=artifact/14&node=artifact/29&node=artifact/54"
    page = client.get(base).text
    text = text_of(page)
    assert "hyperparameters" in text
    assert "train_args.num_steps" not in text
    (more,) = re.findall(r'href="(/compare\?[^"]+show=all)"', page)
    assert "train_args.num_steps" in text_of(client.get(unescape(more)).text)
    assert 'href="/artifacts/51"' in page
    found = client.get(base.replace("?", ".json?")).json()
    assert found["same"] > 5
    assert not any(row["same"] for row in found["rows"])


def test_what_cannot_be_compared_is_said(client: TestClient) -> None:
    path = "/compare?node=artifact/14&node=artifact/29&node=nope&node=artifact/999&node=context/1"
    text = text_of(client.get(path).text)
    assert "'nope' does not name a node." in text
    assert "artifact/999 does not exist." in text
    assert "context/1 is left out" in text
    for few in ("/compare", "/compare?node=artifact/14", "/compare?node=" + "9" * 500):
        assert client.get(few).status_code == 200


def test_two_runs_are_compared_and_drawn(client: TestClient) -> None:
    page = client.get("/contexts/26").text
    (path,) = re.findall(r'href="(/compare\?[^"]+)"', page)
    answer = client.get(unescape(path))
    text = text_of(answer.text)
    assert "transform_cache_resolver state" in text
    assert "Both in one picture" in text


def test_lists_send_what_is_ticked(client: TestClient) -> None:
    page = client.get("/artifacts?type=Model").text
    assert re.findall(r'name="node" value="(artifact/\d+)"', page) == [
        "artifact/54",
        "artifact/29",
        "artifact/14",
    ]
    assert 'action="/compare"' in page


def test_numbers_over_time_are_drawn_with_those_compared_marked(
    blank: TestClient, store: Store
) -> None:
    models = tuple(
        Artifact(id=-n, type="Model", custom_properties={"accuracy": n / 10}) for n in range(1, 6)
    )
    put = store.put(Subgraph(artifact_types=(ArtifactType(name="Model"),), artifacts=models))
    first, *_, last = put.artifact_ids
    page = blank.get(f"/compare?node=artifact/{first}&node=artifact/{last}").text
    assert page.count('class="dot') == 5
    assert page.count('class="dot marked"') == 2
    assert (
        "Model: accuracy. 5 values from 0.1 to 0.5, the first 0.1, the last 0.5. A: 0.1; B: 0.5."
        in page
    )


def test_more_charts_than_a_page_begins_with_are_said_and_offered(
    blank: TestClient, store: Store
) -> None:
    models = tuple(
        Artifact(
            id=-n, type="Model", custom_properties={f"loss_{m:02}": n / m for m in range(1, 16)}
        )
        for n in range(1, 4)
    )
    put = store.put(Subgraph(artifact_types=(ArtifactType(name="Model"),), artifacts=models))
    address = "/compare?" + "&".join(f"node=artifact/{one}" for one in put.artifact_ids)
    page = blank.get(address).text
    assert page.count('<figure class="chart">') == 12
    assert "12 of 15 charts." in page
    (more,) = re.findall(r'href="(/compare[^"]*charts=all)"', page)
    assert blank.get(unescape(more)).text.count('<figure class="chart">') == 15


def test_what_a_node_is_compared_with_is_of_the_same_dataset(
    blank: TestClient, store: Store
) -> None:
    told = ("trains", "tests", "trains")
    put = store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="Dataset"),),
            artifacts=tuple(
                Artifact(type="Dataset", custom_properties={"dataset": name}) for name in told
            ),
        )
    )
    first, second, third = put.artifact_ids
    assert f"different from #{first}, the one before" in blank.get(f"/artifacts/{third}").text
    assert "the one before" not in blank.get(f"/artifacts/{second}").text


def test_very_large_ancestries_are_drawn_with_stacks(
    blank: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stack is a card that stands for many nodes, and no node itself."""
    monkeypatch.setattr(differences, "draw", partial(draw, look=Look(most=10)))
    many = tuple(Artifact(id=-n, type="Part", name=f"{n}") for n in range(1, 21))
    joins = tuple(Execution(id=-n, type="Join", name=f"{n}") for n in (1, 2))
    inputs = tuple(
        Event(artifact_id=-n, execution_id=-1 if n < 20 else -2, type=EventType.INPUT)
        for n in range(1, 21)
    )
    store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="Part"),),
            execution_types=(ExecutionType(name="Join"),),
            artifacts=many,
            executions=joins,
            events=inputs,
        )
    )
    one, other = (store.by_name(Kind.EXECUTION, "Join", name) for name in "12")
    assert one is not None
    assert other is not None
    page = blank.get(f"/why?one={one.ref}&other={other.ref}")
    assert page.status_code == 200
    assert "stack/artifact/" in page.text


def test_many_facts_are_cut_counted_and_offered(
    blank: TestClient, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(differences, "_ROWS", 3)
    values = [{f"p{n}": n + shift for n in range(7)} for shift in (0, 100)]
    store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="T"),),
            artifacts=tuple(
                Artifact(type="T", name=str(n), custom_properties=value)
                for n, value in enumerate(values)
            ),
        )
    )
    path = "/compare?node=artifact/1&node=artifact/2"
    page = blank.get(path).text
    assert len(re.findall(r'<th scope="row">', page)) == 3
    (total,) = re.findall(r"3 of (\d+) facts\.", text_of(page))
    assert int(total) >= 7
    assert len(re.findall(r'<th scope="row">', blank.get(f"{path}&rows=all").text)) == int(total)
