"""Data on the page of an artifact: what is shown, and what nobody gets to see."""

from __future__ import annotations

import gzip
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from lineage_graph.errors import NotFound
from lineage_graph.exchange.tfx.schemas import schema_rows
from lineage_graph.exchange.tfx.statistics import statistics_rows
from lineage_graph.model import Artifact
from lineage_graph.recorder import artifact
from lineage_graph.server.app import create_app
from lineage_graph.server.files import FileRefused, place_of, read
from lineage_graph.server.previews import Preview, preview
from lineage_graph.server.views.data import table_of
from lineage_graph.store import Store
from tests.store.build import put_artifact, with_types


def shown(name: str, content: bytes, size: int | None = None) -> Preview:
    return preview(name, len(content) if size is None else size, lambda most: content[:most])


def test_tables_are_shown_by_their_first_rows() -> None:
    lines = "".join(f'{n},"a, b",{n / 7}\n' for n in range(1234))
    found = shown("data.csv", f"id,text,share\n{lines}".encode())
    assert found.columns == ("id", "text", "share")
    assert (len(found.rows), found.rows[1][1]) == (20, "a, b")
    assert found.note == "The first 20 of 1,234 rows."
    cut = shown("data.csv", f"id,text,share\n{lines}".encode()[:300], size=10**9)
    assert "or more rows" in cut.note
    found = shown("m.jsonl", b'{"a": 1, "b": [2]}\n{"a": 0.5, "c": null}\n')
    assert (found.columns, found.rows) == (("a", "b", "c"), (("1", "[2]", ""), ("0.5", "", "")))
    found = shown("m.json", b'{"accuracy": 0.91, "rows": 7}')
    assert found.rows == (("accuracy", "0.91"), ("rows", "7"))
    packed = shown("m.tsv.gz", gzip.compress(b"a\tb\n1\t2\n"))
    assert (packed.columns, packed.rows) == (("a", "b"), (("1", "2"),))


def test_what_cannot_be_read_is_text_or_said() -> None:
    assert shown("broken.json", b'{"a": ').text == '{"a": '
    assert shown("deep.json", b"[" * 100_000).look == "text"
    assert shown("a.log", b"x\n" * 100_000).note == "These are the first 200 lines."
    assert shown("model.h5", b"\x89HDF").look == "none"
    assert shown("a.png", b"", size=10**9).look == "none"
    bomb = gzip.compress(b"0" * 50_000_000)
    assert len(shown("bomb.txt.gz", bomb).text) <= 8000


def field(number: int, value: bytes | int | float) -> bytes:
    if isinstance(value, bytes):
        return bytes([number << 3 | 2, len(value)]) + value
    if isinstance(value, float):
        return bytes([number << 3 | 1]) + struct.pack("<d", value)
    return bytes([number << 3, value])


def test_statistics_are_read_from_the_wire() -> None:
    common = field(1, 100) + field(2, 7)
    numbers = field(1, common) + field(2, 2.5) + field(5, -1.0) + field(6, 2.0) + field(7, 9.0)
    words = field(1, common) + field(2, 3)
    features = field(3, field(1, b"age") + field(2, 1) + field(3, numbers))
    features += field(3, field(8, field(1, b"a") + field(1, b"b")) + field(2, 2) + field(4, words))
    data = field(1, field(1, b"train") + features)
    assert statistics_rows(data) == [
        ("train", "age", "float", 100, 7, 2.5, -1.0, 2.0, 9.0, None),
        ("train", "a.b", "string", 100, 7, None, None, None, None, 3),
    ]
    found = shown("Split-train/FeatureStats.pb", data)
    assert found.rows[0][:4] == ("train", "age", "float", "100")


@given(st.binary(max_size=200), st.text(max_size=200))
def test_any_bytes_are_rows_or_none(data: bytes, text: str) -> None:
    assert isinstance(statistics_rows(data), list)
    assert isinstance(schema_rows(text), list)
    for name in ("FeatureStats.pb", "a.csv", "a.json", "a.jsonl", "a.txt.gz", "schema.pbtxt"):
        shown(name, data)


def test_a_schema_is_a_table() -> None:
    text = """
    # the penguins
    feature { name: "species" type: INT presence { min_fraction: 1.0 min_count: 1 }
              int_domain { min: 0 max: 2 } shape { dim { size: 1 } } }
    feature { name: "island" type: BYTES domain: "island" }
    string_domain { name: "island" value: "Biscoe" value: "Dream" }
    """
    assert schema_rows(text) == [
        ("species", "INT", "required", "0 to 2"),
        ("island", "BYTES", "optional", "Biscoe, Dream"),
    ]
    assert shown("schema.pbtxt", text.encode()).columns[0] == "feature"


@pytest.fixture
def opened(tmp_path: Path) -> Path:
    folder = tmp_path / "open"
    (folder / "model" / "Split-train").mkdir(parents=True)
    (folder / "model" / "metrics.json").write_text('{"accuracy": 0.91}')
    (folder / "model" / "Split-train" / "a.csv").write_text("a\n1\n")
    (folder / "other.txt").write_text("another artifact's")
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "model" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (folder / "model" / "near.txt").symlink_to(folder / "other.txt")
    (folder / "away").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe")
    return folder


@pytest.mark.parametrize(
    ("uri", "why"),
    [
        ("s3://bucket/model", "not a file of this machine"),
        ("models/7", "begins somewhere unknown"),
        ("file://host/etc/passwd", "another machine"),
        ("/etc/passwd", "no folder that is open"),
        ("file:///etc/passwd", "no folder that is open"),
        ("{open}/../secret.txt", "goes up"),
        ("file://{open}/%2e%2e/secret.txt", "goes up"),
        ("{open}/away/secret.txt", "no folder that is open"),
        ("{open}/model/link.txt", "no folder that is open"),
        ("{open}/gone", "nothing at its address"),
        ("{open}/pipe", "neither a file nor a folder"),
        ("{open}-more/x", "no folder that is open"),
        ("{open}/\0", "zero byte"),
    ],
)
def test_places_that_are_not_shown(opened: Path, uri: str, why: str) -> None:
    with pytest.raises(FileRefused, match=why):
        place_of(uri.replace("{open}", str(opened)), [opened])
    with pytest.raises(FileRefused, match=r"No folder is open|its address|Its address"):
        place_of(uri.replace("{open}", str(opened)), [])


def test_names_lead_nowhere_but_into_the_place(opened: Path) -> None:
    place = place_of(f"file://{opened}/model", [opened])
    assert [file.name for file in place.files] == ["Split-train/a.csv", "metrics.json"]
    assert read(place, "Split-train/a.csv", 99, [opened]) == b"a\n1\n"
    for name in (
        "../other.txt",
        "/etc/passwd",
        "link.txt",
        "near.txt",
        "Split-train",
        "gone",
        "./metrics.json",
        "Split-train//a.csv",
        "a\0",
        "..\\other.txt",
    ):
        with pytest.raises(NotFound):
            read(place, name, 99, [opened])


@pytest.fixture
def seeing(store: Store, opened: Path) -> Iterator[TestClient]:
    settings = store.settings.model_copy(update={"files": (opened,)})
    with TestClient(create_app(store, settings), "http://127.0.0.1") as client:
        yield client


def test_an_artifact_shows_its_metrics_and_files(
    seeing: TestClient, store: Store, opened: Path
) -> None:
    (opened / "model" / "plot.svg").write_text("<svg onload='alert(1)'/>")
    (opened / "model" / "page.html").write_text("<script>alert(1)</script>")
    properties: dict[str, Any] = {"d": 0.123456789}
    number = put_artifact(with_types(store), uri=str(opened / "model"), properties=properties)
    page = seeing.get(f"/artifacts/{number}")
    assert "<b>0.123457</b> d" in page.text
    assert "Split-train/a.csv" in page.text
    assert "link.txt" not in page.text
    page = seeing.get(f"/artifacts/{number}", params={"file": "metrics.json"})
    assert "<td>0.91</td>" in page.text
    page = seeing.get(f"/artifacts/{number}", params={"file": "page.html"})
    assert "&lt;script&gt;alert(1)" in page.text
    page = seeing.get(f"/artifacts/{number}", params={"file": "plot.svg"})
    assert f'<img class="shown" src="/artifacts/{number}/file?name=plot.svg"' in page.text
    image = seeing.get(f"/artifacts/{number}/file?name=plot.svg")
    assert image.headers["content-type"] == "image/svg+xml"
    assert image.headers["content-security-policy"].endswith("sandbox")
    assert image.headers["x-content-type-options"] == "nosniff"
    kept = seeing.get(f"/artifacts/{number}/file?name=page.html")
    assert kept.headers["content-type"] == "application/octet-stream"
    assert kept.headers["content-disposition"] == 'attachment; filename="page.html"'
    assert seeing.get(f"/artifacts/{number}/file?name=../other.txt").status_code == 404
    frame = artifact("Data", {"<b>": 1, "rate": 0.5})
    number = put_artifact(store, uri=frame.uri, custom_properties=frame.custom_properties)
    page = seeing.get(f"/artifacts/{number}")
    assert '<th scope="row">&lt;b&gt;</th><td>int</td>' in page.text
    assert "in memory only" in page.text
    assert "<h2>Data</h2>" not in page.text


def test_columns_of_a_table_are_shown_as_far_as_they_are_told() -> None:
    def table(**custom: Any) -> dict[str, Any] | None:
        return table_of(Artifact(custom_properties=custom))

    found = table(schema={"columns": [{"name": "a", "kind": "int64"}], "total": 3}, rows=7)
    assert found is not None
    assert (found["columns"], found["total"], found["rows"]) == (
        [{"name": "a", "kind": "int64"}],
        3,
        7,
    )
    found = table(schema={"kind": "float32", "shape": [2, 3]}, profile={"columns": [{"min": 0.5}]})
    assert found is not None
    assert (found["shape"], found["columns"][0]["min"]) == ("2 × 3", 0.5)
    others: list[Any] = [
        "text",
        {},
        {"columns": "x"},
        {"columns": [1]},
        {"fields": [{"name": "a"}]},
    ]
    assert [table(schema=other) for other in others] == [None] * 5
    found = table(schema={"columns": [{"kind": {}}], "total": "x"}, profile=3, rows="many")
    assert found is not None
    assert (found["total"], found["rows"], found["sampled"]) == (1, None, None)


def test_no_folder_is_open_unless_the_settings_say_so(
    blank: TestClient, store: Store, opened: Path
) -> None:
    number = put_artifact(with_types(store), uri=str(opened / "other.txt"))
    page = blank.get(f"/artifacts/{number}").text
    assert "LINEAGE_GRAPH_FILES" in page
    assert "another artifact" not in page
    assert blank.get(f"/artifacts/{number}/file").status_code == 404
