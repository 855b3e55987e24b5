"""Files that we write are ML Metadata's: its own library reads the same in them as in the originals."""

from __future__ import annotations

import gzip
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tracemalloc
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange import open_source
from lineage_graph.exchange.mlmd.writing import write
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    Context,
    Event,
    EventType,
    Execution,
    ExecutionType,
    Proto,
    Subgraph,
)
from tests.rpc.oracle.original import Unavailable, original_python

DATA = Path(__file__).parents[2] / "data"
READING = Path(__file__).parent / "their_reading.py"
ABOUT = About("the-store")


def written(graph: Subgraph, path: Path) -> dict[str, int]:
    with path.open("wb") as file:
        return dict(write([graph], file, ABOUT))


def read(path: Path) -> Subgraph:
    with open_source(path) as source:
        found = collected(source.batches())
        assert not source.skipped
    return found


@pytest.fixture
def originals(tmp_path: Path) -> list[Path]:
    """Stores that ML Metadata made: a pipeline's, and one of every kind of value and state, and none."""
    kinds = tmp_path / "kinds.sqlite"
    kinds.write_bytes(gzip.decompress((DATA / "mlmd_v10.sqlite.gz").read_bytes()))
    with closing(sqlite3.connect(kinds)) as connection, connection:
        connection.execute("UPDATE Artifact SET state = NULL WHERE id = 1")
        connection.execute("UPDATE Execution SET last_known_state = NULL WHERE id = 2")
    return [Path(shutil.copy(DATA / "tfx_mlmd.sqlite", tmp_path)), kinds]


def test_ml_metadata_reads_the_same_in_what_we_wrote(originals: list[Path], tmp_path: Path) -> None:
    copies = []
    for original in originals:
        copies.append(tmp_path / f"copy of {original.name}")
        assert written(read(original), copies[-1]) == {}
    found = theirs([*originals, *copies])
    assert found[2:] == found[:2]
    assert [len(store["artifacts"]) for store in found] == [58, 9, 58, 9]
    assert found[2]["next"] == 1


def odd() -> Iterator[Subgraph]:
    """What ML Metadata's library cannot read where it is written as it is, each in a store of its own."""
    type_ = ArtifactType(id=10, name="T")
    good = Artifact(id=2, type="T", name="good")
    values: dict[str, Any] = {
        "untyped": Proto(type_url="", value=b""),
        "cut": Proto(type_url="a\0b", value=b"x"),
        "nul": "a\0b",
        "n\0ame": 1,
    }
    for name, value in values.items():
        bad = Artifact(id=1, type="T", name="bad", custom_properties={name: value})
        yield Subgraph.trusted(artifact_types=(type_,), artifacts=(bad, good))
    for fields in (
        {"name": "a\0"},
        {"uri": "a\0"},
        {"external_id": "a\0"},
        {"uri": "__MLMD_NULL__"},
    ):
        bad = Artifact(id=1, type="T", **fields)
        yield Subgraph.trusted(artifact_types=(type_,), artifacts=(bad, good))
    yield Subgraph.trusted(
        artifact_types=(type_.model_copy(update={"external_id": "same"}),),
        execution_types=(ExecutionType(id=11, name="E", external_id="same"),),
        artifacts=(good,),
    )
    yield Subgraph.trusted(
        artifact_types=(type_,),
        artifacts=(good,),
        executions=(Execution(id=1, type="E"),),
        events=(Event(artifact_id=2, execution_id=1, type=EventType.INPUT, path=("a\0", 1)),),
    )


def test_what_the_original_cannot_read_is_left_out_and_counted(tmp_path: Path) -> None:
    stores = []
    for number, graph in enumerate(odd()):
        stores.append(tmp_path / f"{number}.sqlite")
        assert sum(written(graph, stores[-1]).values()) == 1
    for found in theirs(stores):
        assert any('name: "good"' in artifact for artifact in found["artifacts"])
        assert not any("steps" in event for event in found["events"])


def theirs(stores: list[Path]) -> list[dict[str, Any]]:
    """Return what ML Metadata itself reads in stores; skips where it cannot be had."""
    try:
        python = original_python()
    except Unavailable as error:
        if os.environ.get("CI") and not error.expected:
            pytest.fail(str(error))
        pytest.skip(str(error))
    command = [str(python), str(READING), *map(str, stores)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[dict[str, Any]] = json.loads(done.stdout)
    return found


def test_tables_and_indexes_are_those_of_ml_metadata(tmp_path: Path) -> None:
    path = tmp_path / "empty.sqlite"
    written(Subgraph(), path)
    shapes = []
    for one in (path, DATA / "tfx_mlmd.sqlite"):
        connection = sqlite3.connect(one)
        tables = [
            row[0]
            for row in connection.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"
            )
        ]
        shape: dict[str, object] = {}
        for table in tables:
            shape[table] = connection.execute(f"PRAGMA table_info({table})").fetchall()
            for index in connection.execute(f"PRAGMA index_list({table})").fetchall():
                columns = connection.execute(f"PRAGMA index_info({index[1]})").fetchall()
                shape[index[1]] = (table, index[2:], columns)
        shapes.append(shape)
        connection.close()
    assert shapes[0] == shapes[1]


def test_what_cannot_be_held_is_counted(tmp_path: Path) -> None:
    values: dict[str, Any] = {
        "nan": float("nan"),
        "poison": "__MLMD_NULL__",
        "struct": "mlmd-struct::CgcKAWISAioA",
        "deep": {"a": [float("inf")]},
        "good": float("inf"),
        "empty": {},
    }
    graph = Subgraph.trusted(
        artifact_types=(ArtifactType(id=10, name="T"),),
        artifacts=(
            Artifact(id=1, type="T", name="same", origin="x:1", custom_properties=values),
            Artifact(id=2, type="T", name="same"),
            Artifact(id=3, type="Untold"),
        ),
        executions=(Execution(id=1, type="E"),),
        contexts=(Context(id=1, type="C", name="c"),),
        events=(
            Event(artifact_id=1, execution_id=1, type=EventType.INPUT, path=("a",)),
            Event(artifact_id=9, execution_id=1, type=EventType.INPUT, path=("b",)),
        ),
        associations=(
            Association(execution_id=1, context_id=1),
            Association(execution_id=4, context_id=1),
        ),
    )
    path = tmp_path / "odd.sqlite"
    lost = written(graph, path)
    assert sorted(lost.values()) == [1, 2, 4]
    assert lost["links to nodes that are not written"] == 2
    found = read(path)
    first, untold = found.artifacts
    assert first.custom_properties == {"good": float("inf"), "empty": {}}
    assert {one.id: one.name for one in found.artifact_types}[untold.type_id] == "Untold"
    assert [event.path for event in found.events] == [("a",)]


def test_a_large_store_is_written_in_flat_memory() -> None:
    def batches(count: int) -> Iterator[Subgraph]:
        yield Subgraph(artifact_types=(ArtifactType(id=10, name="T"),))
        for start in range(1, count, 1000):
            ids = range(start, start + 1000)
            yield Subgraph.trusted(
                artifacts=tuple(
                    Artifact(id=i, type="T", uri=f"file:///{i}", custom_properties={"x": "y" * 100})
                    for i in ids
                )
            )

    class Sink(io.RawIOBase):
        size = 0

        def write(self, content: Any) -> int:
            self.size += len(content)
            return len(content)

    tracemalloc.start()
    try:
        sink = Sink()
        write(batches(20_000), sink, ABOUT)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sink.size > 7_000_000
    assert most < 5_000_000
