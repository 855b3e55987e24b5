"""The backup: lossless, streamed, refused where anything is wrong with it."""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path

import pytest

from lineage_graph.errors import BadFile, TruncatedFile, UnknownVersion
from lineage_graph.exchange import open_source
from lineage_graph.exchange.jsonl import write_jsonl
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    PropertyKind,
    Proto,
    Subgraph,
)
from lineage_graph.store import Store

TFX = Path(__file__).parents[1] / "data" / "tfx_mlmd.sqlite"
ODD = Subgraph(
    artifact_types=(ArtifactType(id=10, name="T", properties={"d": PropertyKind.DOUBLE}),),
    artifacts=(
        Artifact(
            id=1,
            type_id=10,
            type="T",
            state=ArtifactState.LIVE,
            properties={"d": float("inf")},
            custom_properties={
                "nan": float("-inf"),
                "int": 2**63 - 1,
                "whole": 1.0,
                "text": "a\x00b\u2028\U0001f600",
                "struct": {"INT": 3, "x": [None, True]},
                "proto": Proto(type_url="t", value=b"\x00\xff"),
                "no": False,
            },
        ),
    ),
    executions=(
        Execution(id=1, type="E"),
        Execution(id=2, type="E", last_known_state=ExecutionState.UNKNOWN),
    ),
    events=(Event(artifact_id=1, execution_id=1, type=EventType.OUTPUT, path=("a", 0)),),
)


def written(graph: Subgraph) -> str:
    stream = io.StringIO()
    write_jsonl([graph], stream, "the-store")
    return stream.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
def test_a_round_trip_loses_nothing(compressed: bool, tmp_path: Path) -> None:
    content = written(ODD).encode()
    path = tmp_path / "backup.jsonl"
    path.write_bytes(gzip.compress(content) if compressed else content)
    with open_source(path) as source:
        (batch,) = _merged(list(source.batches()))
        assert (source.source, source.total) == ("store:the-store", 4)
    assert batch == ODD
    assert isinstance(batch.artifacts[0].custom_properties["whole"], float)


def _merged(batches: list[Subgraph]) -> list[Subgraph]:
    total = Subgraph()
    for batch in batches:
        total = total + batch
    return [total]


def test_a_whole_store_round_trip_is_exact(store: Store, tmp_path: Path) -> None:
    with open_source(TFX) as source:
        store.load(source.batches(), source.source)
    before = list(store.dump())
    path = tmp_path / "backup.jsonl"
    with path.open("w", encoding="utf-8") as stream:
        write_jsonl(before, stream, store.id)
    with open_source(path) as source:  # into the store it is a copy of
        again = store.load(source.batches(), source.source)
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)
    assert list(store.dump()) == before
    with open_source(path) as source:
        (restored,), (original,) = _merged(list(source.batches())), _merged(before)
        assert restored == original


LINES = written(ODD).rstrip("\n").split("\n")  # not splitlines: the text holds U+2028


@pytest.mark.parametrize(
    ("lines", "error", "words"),
    [
        (LINES[:-1], TruncatedFile, "last line"),
        (LINES[:-2] + LINES[-1:], TruncatedFile, "counts"),
        (LINES[:2] + LINES[3:], BadFile, ":5: events: there is no artifact 1 before it"),
        ([*LINES[:3], *LINES[2:]], BadFile, ":4: artifacts: the id 1 is none, or stands twice"),
        ([LINES[0], "{", *LINES[1:]], BadFile, ":2: "),
        ([LINES[0], "[]", *LINES[1:]], BadFile, ":2: this is no JSON object"),
        ([LINES[0], '{"planet":{}}', *LINES[1:]], BadFile, ":2: 'planet'"),
        ([LINES[0], '{"artifacts":{"id":"x"}}', *LINES[1:]], BadFile, ":2: artifacts: id"),
        *(
            (
                [LINES[0], f'{{"artifacts":{{"id":1,"properties":{{"x":{{"DOUBLE":{value}}}}}}}}}'],
                BadFile,
                ":2: artifacts: properties: Value error, this is no number",
            )
            for value in ('"x"', "[1]", "1" + "0" * 400, "null")
        ),
        ([*LINES, LINES[1]], BadFile, "follows the last line"),
        (['{"format":"other"}', *LINES[1:]], BadFile, ":1: this is no export"),
    ],
)
def test_a_bad_file_is_refused_before_anything_is_used(
    lines: list[str], error: type[Exception], words: str, tmp_path: Path
) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    with pytest.raises(error, match=words):
        open_source(path, "jsonl")


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    header = json.loads(LINES[0]) | {"version": 2}
    path = tmp_path / "later.jsonl"
    path.write_text("\n".join([json.dumps(header), *LINES[1:]]), encoding="utf-8")
    with pytest.raises(UnknownVersion):
        open_source(path)


def test_a_compressed_file_cut_short(tmp_path: Path) -> None:
    path = tmp_path / "cut.jsonl.gz"
    path.write_bytes(gzip.compress(written(ODD).encode())[:-20])
    with pytest.raises(TruncatedFile):
        open_source(path)
