"""Files of ML Metadata, made by ML Metadata itself (tests/data/make_mlmd_kinds.py)."""

from __future__ import annotations

import gzip
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from lineage_graph.errors import AlreadyExists, BadFile, NotFound, TruncatedFile, UnknownVersion
from lineage_graph.exchange import open_source
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    BaseType,
    EventType,
    ExecutionState,
    Kind,
    Proto,
    Subgraph,
)
from lineage_graph.store import Store

DATA = Path(__file__).parents[2] / "data"
TFX = DATA / "tfx_mlmd.sqlite"


@pytest.fixture
def tfx_copy(tmp_path: Path) -> Path:
    return Path(shutil.copy(TFX, tmp_path / "mlmd.db"))


def unpacked(version: int, folder: Path) -> Path:
    path = folder / f"v{version}.sqlite"
    path.write_bytes(gzip.decompress((DATA / f"mlmd_v{version}.sqlite.gz").read_bytes()))
    return path


@contextmanager
def edited(path: Path) -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(path)
    with closing(connection), connection:
        yield connection


def whole(where: Path | str) -> Subgraph:
    with open_source(where) as source:
        found = Subgraph()
        for batch in source.batches():
            found = found + batch
    return found


@pytest.mark.parametrize("version", [5, 6, 7, 8, 9, 10])
def test_every_schema_version_is_read(version: int, tmp_path: Path) -> None:
    found = whole(unpacked(version, tmp_path))
    assert [artifact.state for artifact in found.artifacts[2:]] == list(ArtifactState)
    assert [execution.last_known_state for execution in found.executions] == list(ExecutionState)
    assert [event.type for event in found.events] == list(EventType)
    assert found.events[2].path == ("examples", 3, "")
    assert found.events[2].milliseconds_since_epoch == 1003
    assert len(found.attributions) == len(found.associations) == 1
    assert len(found.parent_contexts) == (1 if version >= 6 else 0)
    first = found.artifacts[0]
    assert (first.name, first.uri) == ("näme", "file:///data/α b")
    assert first.properties["i"] == -(2**63)
    assert first.properties["s"] == "quote ' \" ` {} \n ü 漢"
    assert first.custom_properties["i"] == 2**63 - 1
    assert first.custom_properties["empty"] == ""
    assert first.external_id == ("ext-a" if version >= 9 else None)


def test_version_4_knows_neither_names_nor_states_nor_times(tmp_path: Path) -> None:
    found = whole(unpacked(4, tmp_path))
    first = found.artifacts[0]
    assert (first.name, first.uri) == (None, "file:///data/α b")
    assert first.state is None
    assert first.create_time_since_epoch is None
    assert first.properties["i"] == -(2**63)
    assert [event.type for event in found.events] == list(EventType)
    assert [context.name for context in found.contexts] == ["parent", "child"]


def test_all_six_kinds_of_value(tmp_path: Path) -> None:
    first = whole(unpacked(10, tmp_path)).artifacts[0]
    assert first.properties["st"] == {"a": [1.0, 2.5, None, True, {"x": "y"}], "b": {}}
    assert first.properties["pr"] == Proto(
        type_url="type.googleapis.com/x.Y", value=b"\x00\x01\xff"
    )
    assert first.properties["b"] is False
    assert first.custom_properties["b"] is True
    assert isinstance(first.properties["d"], float)


def test_base_types_are_known(tmp_path: Path) -> None:
    found = whole(unpacked(10, tmp_path))
    bases = {type_.name: type_.base_type for type_ in found.types if type_.base_type}
    assert bases == {"Everything": BaseType.DATASET, "Train": BaseType.TRAIN}


def test_what_an_old_version_cannot_hold_is_counted(tmp_path: Path) -> None:
    with open_source(unpacked(9, tmp_path)) as source:
        list(source.batches())
    assert sum(source.skipped.values()) == 3  # two booleans and a proto


def test_a_copy_is_the_same_source_and_grows_into_it(tfx_copy: Path) -> None:
    with open_source(TFX) as one, open_source(tfx_copy) as other:
        assert one.source == other.source
    with edited(tfx_copy) as connection:
        connection.execute(
            "INSERT INTO Context (type_id, name, create_time_since_epoch) VALUES (12, 'new', 9e15)"
        )
    with open_source(TFX) as one, open_source(tfx_copy) as other:
        assert one.source == other.source


def test_the_counts_of_tfx(store: Store) -> None:
    with open_source(TFX) as source:
        told: list[int] = []
        result = store.load(source.batches(), source.source, told.append)
        assert sum(told) == source.total == 791
    counts = store.counts()
    assert (counts.artifacts, counts.executions, counts.contexts) == (58, 51, 44)
    assert (counts.events, counts.attributions, counts.associations) == (141, 298, 194)
    assert counts.parent_contexts == 5
    assert result.created > 0
    with edited(TFX) as connection:
        rows = connection.execute("SELECT id, last_known_state FROM Execution").fetchall()
    names = dict(enumerate(ExecutionState))
    stored = {node.id: node for node in store.get(Kind.EXECUTION, [row[0] for row in rows])}
    assert {i: names[state] for i, state in rows} == {
        i: node.last_known_state for i, node in stored.items()
    }
    with open_source(TFX) as source:
        again = store.load(source.batches(), source.source)
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)
    assert store.counts() == counts


def test_ids_are_mapped_into_a_store_that_holds_something(store: Store, tmp_path: Path) -> None:
    other = unpacked(10, tmp_path)
    for path in (other, TFX, other, TFX):
        with open_source(path) as source:
            result = store.load(source.batches(), source.source)
    assert (result.created, result.new_links) == (0, 0)
    assert store.counts().artifacts == 58 + 9
    assert store.counts().events == 141 + 7
    (schema,) = {a.id for a in store.by_uri(whole(TFX).artifacts[1].uri)} - {2}
    made_by = store.neighbours(store.get(Kind.ARTIFACT, [schema])[0].ref)
    assert made_by.events


def test_what_changed_in_the_file_changes_in_the_store(store: Store, tfx_copy: Path) -> None:
    with open_source(tfx_copy) as source:
        store.load(source.batches(), source.source)
    with edited(tfx_copy) as connection:
        for state, artifact in ((4, 3), (0, 5), (None, 6)):
            connection.execute("UPDATE Artifact SET state = ? WHERE id = ?", [state, artifact])
    with open_source(tfx_copy) as source:
        result = store.load(source.batches(), source.source)
    assert (result.created, result.updated, result.new_links) == (0, 3, 0)
    found = store.get(Kind.ARTIFACT, [3, 5, 6])
    assert [artifact.state_word for artifact in found] == ["DELETED", "UNKNOWN", None]


def test_a_link_to_a_missing_node_is_left_out_and_counted(tfx_copy: Path) -> None:
    with edited(tfx_copy) as connection:
        connection.execute("DELETE FROM Artifact WHERE id = 1")
    with open_source(tfx_copy) as source:
        batches = list(source.batches())
    assert all(event.artifact_id != 1 for batch in batches for event in batch.events)
    assert source.skipped["rows of Event that name a missing artifact"] > 0


def test_cells_of_the_wrong_kind_are_told_by_their_row_and_the_rest_goes_in(
    tfx_copy: Path,
) -> None:
    before = whole(tfx_copy)
    with edited(tfx_copy) as database:
        database.execute("UPDATE Artifact SET create_time_since_epoch = 'noon' WHERE id = 1")
        database.execute("UPDATE Event SET artifact_id = 'x' WHERE id = 40")
        database.execute("UPDATE ExecutionProperty SET int_value = 'many' WHERE execution_id = 7")
    with open_source(tfx_copy) as source:
        found = Subgraph()
        for batch in source.batches():
            found = found + batch
        told = {problem.place.partition(": ")[2] for problem in source.problems}
    assert told == {
        "row 1 of the table Artifact",
        "row 40 of the table Event",
        "row of execution 7 of the table ExecutionProperty",
    }
    assert len(found.artifacts) == len(before.artifacts) - 1
    named = {event.artifact_id for event in found.events}
    assert named <= {artifact.id for artifact in found.artifacts}
    assert source.skipped["rows of Event that name a missing artifact"] > 0


def test_the_file_is_not_touched(tfx_copy: Path) -> None:
    before = tfx_copy.read_bytes()
    whole(tfx_copy)
    assert tfx_copy.read_bytes() == before
    assert [path.name for path in tfx_copy.parent.iterdir()] == ["mlmd.db"]


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="There is no file"):
        open_source(tmp_path / "none.db")


@pytest.mark.parametrize("content", [b"", b"hello", b"\x00" * 5000, b"PK\x03\x04"])
def test_no_sqlite_file(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    path.write_bytes(content)
    with pytest.raises(BadFile):
        open_source(path)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        open_source(tmp_path)


def test_another_sqlite_file(tmp_path: Path) -> None:
    path = tmp_path / "other.db"
    with edited(path) as connection:
        connection.execute("CREATE TABLE t (x)")
    with pytest.raises(BadFile, match="not of ML Metadata"):
        open_source(path)


@pytest.mark.parametrize("version", [3, 11, 99])
def test_other_versions_are_refused(version: int, tfx_copy: Path) -> None:
    with edited(tfx_copy) as connection:
        connection.execute("UPDATE MLMDEnv SET schema_version = ?", [version])
    with pytest.raises(UnknownVersion, match=f"version {version}"):
        open_source(tfx_copy)


@pytest.mark.parametrize("size", [50, 4096, 100_000])
def test_a_file_that_was_cut_short(size: int, tfx_copy: Path) -> None:
    tfx_copy.write_bytes(tfx_copy.read_bytes()[:size])
    with pytest.raises(TruncatedFile):
        open_source(tfx_copy)


def test_a_damaged_file(tfx_copy: Path) -> None:
    content = bytearray(tfx_copy.read_bytes())
    for page in range(4, 40):
        content[page * 4096 : page * 4096 + 64] = b"\xff" * 64
    tfx_copy.write_bytes(content)
    with pytest.raises(BadFile):
        whole(tfx_copy)


def test_a_row_whose_type_is_gone_costs_that_row(tfx_copy: Path) -> None:
    with edited(tfx_copy) as connection:
        connection.execute("UPDATE Artifact SET type_id = 999 WHERE id = 3")
        connection.execute(
            "UPDATE Context SET type_id = (SELECT type_id FROM Artifact WHERE id = 1) WHERE id = 2"
        )
        connection.execute(
            "UPDATE Artifact SET create_time_since_epoch = 1, type_id = 998 WHERE id = 4"
        )
    with open_source(tfx_copy) as source:
        found = Subgraph()
        for batch in source.batches():
            found = found + batch
    assert [problem.place.rpartition(": ")[2] for problem in source.problems] == [
        "row 2 of the table Context",
        "row 3 of the table Artifact",
        "row 4 of the table Artifact",
    ]
    assert (len(found.artifacts), len(found.contexts), len(found.executions)) == (56, 43, 51)
    assert not {3, 4} & {event.artifact_id for event in found.events}
    assert 2 not in {link.context_id for link in found.attributions}


def test_a_context_that_is_its_own_ancestor_is_told_and_left_out(tfx_copy: Path) -> None:
    with edited(tfx_copy) as connection:
        before = connection.execute("SELECT count(*) FROM ParentContext").fetchone()[0]
        child, parent = connection.execute("SELECT * FROM ParentContext LIMIT 1").fetchone()
        connection.execute("INSERT INTO ParentContext VALUES (?, ?)", (parent, child))
        connection.execute("INSERT INTO ParentContext VALUES (44, 44)")
    with open_source(tfx_copy) as source:
        links = [link for batch in source.batches() for link in batch.parent_contexts]
    assert len(links) == before - 1
    assert len(source.problems) == 3
    assert {problem.reason for problem in source.problems} == {"it would be its own ancestor"}


def test_an_import_that_fails_leaves_nothing(store: Store, tfx_copy: Path) -> None:
    kept = ArtifactType(name="Kept")
    (old,) = store.put(
        Subgraph(artifact_types=(kept,), artifacts=(Artifact(type="Kept", external_id="x"),))
    ).artifact_ids
    with edited(tfx_copy) as connection:  # the last artifact has what another node has
        connection.execute("UPDATE Artifact SET external_id = 'x' WHERE id = 58")
    before = store.counts()
    with open_source(tfx_copy) as source, pytest.raises(AlreadyExists):
        store.load(source.batches(), source.source)
    assert store.counts() == before
    (new,) = store.put(Subgraph(artifacts=(Artifact(type="Kept"),))).artifact_ids
    assert new == old + 1
