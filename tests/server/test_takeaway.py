"""Pictures are taken away as files: what the address shows, named by what it is."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from xml.etree import ElementTree

import networkx
import pytest
from starlette.testclient import TestClient

from lineage_graph.drawing.files import FORMATS
from lineage_graph.exchange.jsonl import JsonlSource
from tests.drawing.plain import plain

WHOLE = "depth=100&stacks=no"
SOURCES = (
    f"/artifacts/20/lineage?{WHOLE}",
    "/executions/20/lineage?",
    "/contexts/38/lineage?show=artifacts",
    "/ask/run-as-graph/picture?context=38",
    "/why?one=artifact/14&other=artifact/29",
    "/console/picture?cypher=MATCH (a:Artifact) RETURN a LIMIT 3",
)


@pytest.mark.parametrize("address", SOURCES)
def test_every_picture_is_every_file(client: TestClient, address: str) -> None:
    counts = {}
    for suffix, found in FORMATS.items():
        response = client.get(address.replace("?", f".{suffix}?", 1))
        assert response.status_code == 200, suffix
        assert response.headers["content-type"].startswith(found.media_type)
        name = re.search(r'filename="([\w-]+\.[\w.]+)"', response.headers["content-disposition"])
        assert name is not None
        assert name[1].endswith(suffix)
        counts[suffix] = response.text
    rows = list(csv.reader(io.StringIO(counts["nodes.csv"])))
    assert len(rows) - 1 == len(networkx.parse_graphml(counts["graphml"])) > 1
    assert len(ElementTree.fromstring(counts["svg"]).findall("{*}g")) == len(rows) - 1


def test_files_are_of_the_moment_and_the_projection(client: TestClient) -> None:
    def keys(more: str) -> set[str]:
        text = client.get(f"/artifacts/20/lineage.nodes.csv?{WHOLE}{more}").text
        return {row["key"] for row in csv.DictReader(io.StringIO(text))}

    whole = keys("")
    assert {key for key in whole if key.startswith("artifact")} == keys("&show=artifacts")
    columns = plain(client.get(f"/artifacts/20/lineage/picture.json?{WHOLE}").json())["cards"]
    times = sorted(time for time in columns["time"] if time)
    early = keys(f"&at={_iso(times[10])}")
    assert early == {
        k for k, t in zip(columns["key"], columns["time"], strict=True) if t <= times[10]
    }
    text = client.get(f"/artifacts/20/lineage.jsonl?{WHOLE}&at={_iso(times[10])}").text
    assert text.count('\n{"artifacts":') + text.count('\n{"executions":') == len(early) < len(whole)


def _iso(milliseconds: int) -> str:
    from datetime import datetime, timezone

    when = datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def test_the_graph_itself_can_be_read_again(client: TestClient, tmp_path: Path) -> None:
    response = client.get(f"/artifacts/20/lineage.jsonl?{WHOLE}")
    path = tmp_path / "lineage.jsonl"
    path.write_bytes(response.content)
    source = JsonlSource(path)
    batches = list(source.batches())
    nodes = [node for batch in batches for node in (*batch.artifacts, *batch.executions)]
    assert len(nodes) == 105
    assert {node.type for node in nodes} <= {one.name for b in batches for one in b.types}


def test_unknown_files_say_which_there_are(client: TestClient) -> None:
    response = client.get("/artifacts/20/lineage.pdf", headers={"accept": "application/json"})
    assert response.status_code == 404
    assert ".graphml" in response.text


def test_pages_link_to_every_file(client: TestClient) -> None:
    for page in ("/artifacts/20/lineage?depth=3", "/ask/run-as-graph?context=38"):
        text = client.get(page).text
        links = re.findall(r'href="([^"]+)" data-file="([\w.]+)" download', text)
        assert {suffix for _, suffix in links} >= {*FORMATS, "jsonl"}
        for href, _ in links:
            assert client.get(href.replace("&amp;", "&")).status_code == 200
