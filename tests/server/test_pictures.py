"""Pictures of a store, as their address says: folded, stacked, at a moment, found, never cut in silence."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.drawing.transforms import compose
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    PropertyKind,
    Subgraph,
)
from lineage_graph.pictures import lineage
from lineage_graph.store import Store
from tests.drawing.plain import plain


def picture(client: TestClient, address: str) -> dict[str, Any]:
    response = client.get(f"{address.replace('?', '/picture.json?', 1)}")
    assert response.status_code == 200
    found = plain(response.json())
    assert {len(column) for column in found["cards"].values()} == {len(found["cards"]["key"])}
    assert {len(column) for column in found["wires"].values()} == {len(found["wires"]["type"])}
    return found


WHOLE = "/artifacts/20/lineage?depth=100"


def test_runs_are_folded_and_unfolded(client: TestClient) -> None:
    assert "context/38" in picture(client, WHOLE)["contexts"]
    folded = picture(client, f"{WHOLE}&by=run")
    runs = [key for key in folded["cards"]["key"] if key.startswith("context/")]
    assert len(runs) == 5
    held = [group["count"] for group in folded["groups"].values() if group["folds"] == "context"]
    assert sum(held) + len(folded["cards"]["key"]) - len(runs) == 105
    one = picture(client, f"{WHOLE}&by=run&unfold={runs[0]}")
    assert runs[0] not in one["cards"]["key"]
    assert runs[0] in one["contexts"]
    same = picture(client, f"{WHOLE}&fold={'&fold='.join(runs)}&stacks=no")
    assert set(runs) <= set(same["cards"]["key"])
    (pipeline,) = (
        key
        for key in picture(client, f"{WHOLE}&by=pipeline")["cards"]["key"]
        if key.startswith("context/")
    )
    inner = picture(client, f"{WHOLE}&by=pipeline&unfold={pipeline}")
    assert set(runs) <= set(inner["cards"]["key"])


def test_many_cards_begin_with_each_run_folded(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert picture(client, WHOLE)["folded"] is False
    for module in (compose, lineage):
        monkeypatch.setattr(module, "MANY", 20)
    found = picture(client, WHOLE)
    assert (found["folded"], found["offer"]) == (True, "")
    folded = [
        (found["cards"]["heading"][int(number)], found["cards"]["text"][int(number)])
        for number, group in found["groups"].items()
        if group["folds"] == "context"
    ]
    assert len(folded) == 4  # the run of the node that one looks at stays open
    assert all("2026-11-23T"[-9:] in f"{name}" or ":" in name for name, _ in folded)
    assert {text.partition(",")[0] for _, text in folded} == {"pipeline_run"}
    assert "artifact/20" in found["cards"]["key"]
    page = client.get(WHOLE).text
    assert re.search(r'data-by="none" href="\?depth=100&amp;by=none">Show every node<', page)
    every = picture(client, f"{WHOLE}&by=none")
    assert (every["folded"], every["offer"]) == (False, "run")
    assert ">Fold by run<" in client.get(f"{WHOLE}&by=none").text
    assert picture(client, f"{WHOLE}&stacks=no")["folded"] is False
    runs = [key for key in found["cards"]["key"] if key.startswith("context/")]
    for opened in (runs[:1], runs):
        shown = picture(client, f"{WHOLE}&unfold={'&unfold='.join(opened)}")
        assert shown["folded"] is True
        assert {*runs} & {*shown["cards"]["key"]} == {*runs} - {*opened}
    rows = client.get(WHOLE.replace("?", ".nodes.csv?")).text.splitlines()
    assert not any("context/" in row for row in rows)  # data is not folded unasked
    assert "context/" in client.get(f"{WHOLE}&by=run".replace("?", ".nodes.csv?")).text


def test_projections_and_the_cache(client: TestClient) -> None:
    both = picture(client, f"{WHOLE}&stacks=no")
    counts = {kind: both["cards"]["kind"].count(kind) for kind in ("artifact", "execution")}
    for kind, count in counts.items():
        part = picture(client, f"{WHOLE}&stacks=no&show={kind}s")
        assert part["cards"]["kind"] == [kind] * count
        assert part["wires"]["type"]
    cached = both["cards"]["state"].count("CACHED")
    hidden = picture(client, f"{WHOLE}&stacks=no&cached=hide")
    assert cached
    assert hidden["hidden_cached"] == cached
    assert "CACHED" not in hidden["cards"]["state"]
    page = client.get(f"{WHOLE}&cached=hide").text
    assert f"{cached} executions taken from the cache are hidden" in page
    fewer = picture(client, f"{WHOLE}&stacks=no&reduce=yes")
    assert len(fewer["wires"]["type"]) < len(both["wires"]["type"])


def test_time_goes_back_in_lists_and_files_but_the_canvas_has_all(client: TestClient) -> None:
    whole = picture(client, f"{WHOLE}&stacks=no")
    times = sorted(time for time in whole["cards"]["time"] if time)
    moment = times[len(times) // 2]
    address = f"{WHOLE}&stacks=no&at={_iso(moment)}"
    expected = sum(time <= moment for time in times)
    assert len(picture(client, address)["cards"]["key"]) == len(times)
    data = client.get(address.replace("lineage?", "lineage.json?")).json()["picture"]["cards"]
    assert len(data) == expected < len(times)
    drawn = client.get(address.replace("lineage?", "lineage.svg?")).text
    assert drawn.count('class="box"') == expected
    places = dict(zip(whole["cards"]["key"], whole["cards"]["y"], strict=True))
    assert all(abs(places[card["key"]] - card["y"]) <= 0.5 for card in data)


def _iso(moment: int) -> str:
    seconds, rest = divmod(moment, 1000)
    when = datetime.fromtimestamp(seconds, tz=timezone.utc)
    return f"{when:%Y-%m-%dT%H:%M:%S}.{rest:03}"


def test_what_is_found_is_marked(client: TestClient) -> None:
    found = picture(client, f"{WHOLE}&stacks=no&find=last_known_state = CACHED")
    lit = [found["cards"]["state"][number] for number in found["lit"]]
    assert set(lit) == {"CACHED"}
    assert len(lit) == found["cards"]["state"].count("CACHED")
    assert picture(client, WHOLE)["lit"] is None
    wrong = picture(client, f"{WHOLE}&find=((")
    assert wrong["lit"] is None
    assert "filter" in wrong["dropped"][0]


def test_single_nodes_are_picked(client: TestClient) -> None:
    small = picture(client, "/artifacts/20/lineage?")
    grown = picture(client, "/artifacts/20/lineage?picked=artifact/11&picked=artifact/99999")
    assert set(grown["cards"]["key"]) - set(small["cards"]["key"]) == {"artifact/11"}
    assert any("artifact/99999" in sentence for sentence in grown["dropped"])


@pytest.fixture
def fan(store: Store) -> Store:
    """One artifact, and 230 trainings that read it; each made a model."""
    types = Subgraph(
        artifact_types=(
            ArtifactType(name="Data"),
            ArtifactType(name="Model", properties={"accuracy": PropertyKind.DOUBLE}),
        ),
        execution_types=(ExecutionType(name="Train"),),
    )
    models = tuple(
        Artifact(id=-2 - n, type="Model", properties={"accuracy": n / 230}) for n in range(230)
    )
    trainings = tuple(
        Execution(id=-1 - n, type="Train", last_known_state=state)
        for n, state in enumerate([ExecutionState.COMPLETE] * 229 + [ExecutionState.FAILED])
    )
    events = [
        event
        for n in range(230)
        for event in (
            Event(artifact_id=-1, execution_id=-1 - n, type=EventType.INPUT),
            Event(artifact_id=-2 - n, execution_id=-1 - n, type=EventType.OUTPUT),
        )
    ]
    store.put(types)
    store.put(
        Subgraph(
            artifacts=(Artifact(id=-1, type="Data"), *models),
            executions=trainings,
            events=tuple(events),
        )
    )
    return store


def test_a_fan_is_two_stacks_and_its_list_has_pages(blank: TestClient, fan: Store) -> None:
    address = "/artifacts/1/lineage?depth=2"
    found = picture(blank, address)
    assert found["cards"]["kind"] == ["artifact", "stack", "stack"]
    assert found["wires"]["count"] == [230, 230]
    groups = {found["cards"]["of"][int(n)]: group for n, group in found["groups"].items()}
    trainings, models = groups["execution"], groups["artifact"]
    assert trainings["states"] == {"COMPLETE": 229, "FAILED": 1}
    assert (models["count"], len(models["members"])) == (230, 50)
    assert models["metric"]["name"] == "accuracy"
    listed = blank.get(
        "/artifacts/1/lineage/members.json?depth=2&group=stack/artifact/2&text=model&after=200"
    ).json()
    assert (listed["total"], listed["matching"], listed["next"]) == (230, 230, None)
    assert listed["nodes"][-1]["ref"] == "artifact/231"
    gone = blank.get("/artifacts/1/lineage/members.json?depth=2&group=stack/artifact/99")
    assert gone.status_code == 404
    one = picture(blank, f"{address}&out=artifact/2")
    assert one["cards"]["kind"].count("stack") == 2
    assert "artifact/2" in one["cards"]["key"]
    page = blank.get(f"{address}&stacks=no")
    rows = re.findall(r'<td><a href="/(?:artifacts|executions)/\d+">(\w+/\d+)</a>', page.text)
    assert len(rows) == 100
    assert "<script type=" not in page.text.partition("<main")[2].partition("</main>")[0]
    assert len(page.content) < 100_000
    seen = set(rows)
    for _ in range(9):
        following = re.search(r'href="\?([^"]*)">The rows after', page.text)
        if following is None:
            break
        page = blank.get(f"/artifacts/1/lineage?{following[1].replace('&amp;', '&')}")
        seen |= set(re.findall(r'/\d+">((?:artifact|execution)/\d+)</a>', page.text))
    assert len(seen) == 461


def test_a_limit_cuts_nothing_in_silence(blank: TestClient, fan: Store) -> None:
    found = picture(blank, "/artifacts/1/lineage?depth=2&limit=100")
    assert (found["reason"], found["total"]) == ("nodes", 461)
    assert found["cards"]["hidden_downstream"][0] == 131
    page = blank.get("/artifacts/1/lineage?depth=2&limit=100").text
    assert "100 of 461" in page


def test_a_page_does_not_wait_for_a_large_picture(
    blank: TestClient, fan: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lineage, "_MAX_LISTED_NODES", 100)
    address = "/artifacts/1/lineage?depth=2&stacks=no"
    page = blank.get(f"{address}&direction=sideways").text
    assert "the picture is read on its own" in page
    assert "sideways" in page.partition('class="dropped"')[2].partition("</ul>")[0]
    (source,) = re.findall(r'data-picture="([^"]*)"', page)
    assert len(blank.get(source.replace("&amp;", "&")).json()["cards"]["key"]) == 461
    (listed,) = re.findall(r'href="\?([^"]*)">All of it as a list', page)
    assert (
        "Rows 1 to 100 of 461"
        in blank.get(f"/artifacts/1/lineage?{listed}".replace("&amp;", "&")).text
    )
    assert len(blank.get(address.replace("?", ".json?")).json()["picture"]["cards"]) == 461
    assert "2 cards" in blank.get("/artifacts/1/lineage?depth=2&limit=50").text.replace("\n", " ")


def test_neighbours_are_listed_as_data(client: TestClient) -> None:
    address = "/executions/26/neighbours.json?direction=upstream"
    found = client.get(f"{address}&limit=2").json()
    assert found["total"] == found["matching"] == sum(found["facets"]["type"].values()) == 3
    assert len(found["nodes"]) == 2
    (last,) = client.get(f"{address}&limit=2&after={found['next']}").json()["nodes"]
    assert last["ref"] not in [node["ref"] for node in found["nodes"]]
    assert client.get("/artifacts/99999/neighbours.json").status_code == 404
    assert client.get("/artifacts/11/neighbours.json?direction=both").status_code == 422
