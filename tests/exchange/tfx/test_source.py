"""A TFX pipeline's folder: real metadata, and files made with TFX's own messages (make_tfx_files.py)."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import shutil
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.errors import BadFile, LineageError
from lineage_graph.exchange import open_source
from lineage_graph.exchange.registry import recognised
from lineage_graph.exchange.tfx.evaluations import evaluation_rows
from lineage_graph.exchange.tfx.folder import contents_of, files_of
from lineage_graph.model import Artifact, Kind, Subgraph
from lineage_graph.store import Store

DATA = Path(__file__).parents[2] / "data"
FILES = DATA / "tfx_files"
METRICS = "Evaluator/evaluation/18/metrics-00000-of-00001.tfrecord"
PIPELINE = {"pipelineSpec": {"pipelineInfo": {"name": "penguin_local_keras"}}, "runtimeConfig": {}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A pipeline's folder as TFX's local runner leaves it, moved to this machine."""
    root = tmp_path / "penguin"
    shutil.copytree(FILES, root / "pipelines" / "penguin_local_keras")
    (root / "metadata").mkdir()
    shutil.copy(DATA / "tfx_mlmd.sqlite", root / "metadata" / "metadata.db")
    (root / "pipeline.json").write_text(json.dumps(PIPELINE))
    return root


def read(folder: Path) -> tuple[Subgraph, dict[str, int], list[str]]:
    with open_source(folder) as source:
        found = sum(source.batches(), Subgraph())
        return found, dict(source.skipped), [str(problem) for problem in source.problems]


def artifact(graph: Subgraph, id: int) -> Artifact:
    return next(node for node in graph.artifacts if node.id == id)


def test_what_was_measured_is_the_evaluations(folder: Path) -> None:
    found, skipped, problems = read(folder)
    assert (skipped, problems) == ({}, [])
    evaluation = artifact(found, 17).custom_properties
    assert evaluation["sparse_categorical_accuracy"] == pytest.approx(0.9541284)
    assert evaluation["example_count"] == 109
    assert evaluation["loss"] == 0
    assert evaluation["species precision class 0"] == 0.75
    assert evaluation["auc"] == 0.875
    assert evaluation["loss difference"] == -0.125
    assert evaluation["recall"] == 0.25
    assert "undefined" not in evaluation
    assert evaluation["tfx_version"] == "1.16.0"
    digest = hashlib.sha256((FILES / METRICS).read_bytes()).hexdigest()
    assert (evaluation["sha256"], evaluation["files"]) == (digest, 1)


def test_slices_stay_apart(folder: Path) -> None:
    rows = evaluation_rows((FILES / METRICS).read_bytes())
    slices = [row for row in rows if row[0]]
    assert slices == [("island = Biscoe, year = 2007", "sparse_categorical_accuracy", 0.5)]


def test_statistics_and_schema_say_how_much_there_is(folder: Path) -> None:
    found, _, _ = read(folder)
    statistics = artifact(found, 4).custom_properties
    assert statistics["num_examples"] == {"eval": 109.0, "train": 225.0}
    assert (statistics["files"], "sha256" in statistics) == (2, False)
    assert str(statistics["digest"]).startswith("files-sha256:")
    assert artifact(found, 3).custom_properties["num_features"] == 3
    assert "digest" not in artifact(found, 5).custom_properties  # its files are not there


def test_the_same_contents_have_the_same_digest_wherever_they_lie(folder: Path) -> None:
    one = folder / "pipelines" / "penguin_local_keras" / "StatisticsGen" / "statistics"
    other = folder / "pipelines" / "penguin_local_keras" / "Transform" / "pre_transform_stats"
    shutil.copytree(one / "6", other / "14")
    found, _, _ = read(folder)
    digests = {artifact(found, i).custom_properties["digest"] for i in (4, 6)}
    assert len(digests) == 1
    (other / "14" / "Split-eval").rename(other / "14" / "Split-test")
    found, _, _ = read(folder)
    assert artifact(found, 6).custom_properties["digest"] not in digests


def test_a_digest_is_of_all_files_however_many_and_deep(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage_graph.exchange.tfx.folder._ENTRIES", 3)
    deep = tmp_path.joinpath("z", *"0123456789")
    deep.mkdir(parents=True)
    for name in ("b", "a", "c-d", "z/y", "z.y", "z/0/x"):
        (tmp_path / name).write_text(name)
    (deep / "last").write_text("1")
    before = contents_of(tmp_path)
    (deep / "last").write_text("2")
    after = contents_of(tmp_path)
    assert before is not None
    assert after is not None
    assert (before.files, before.bytes) == (7, 17)
    assert before.digest != after.digest
    files = sorted(path for path in tmp_path.rglob("*") if path.is_file())
    assert list(files_of(tmp_path)) == files


def test_metadata_is_found_beside_any_number_of_artifacts(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage_graph.exchange.tfx.folder._ENTRIES", 20)
    many = folder / "artifacts" / "CsvExampleGen" / "examples" / "1"
    many.mkdir(parents=True)
    for number in range(30):
        (many / f"{number}").touch()
    assert recognised(folder) == "tfx"
    assert len(read(folder)[0].artifacts) == 58


def test_a_pipeline_keeps_its_definition(folder: Path) -> None:
    (folder / "other.json").write_text(json.dumps({"pipelineInfo": {"id": "unknown"}, "nodes": []}))
    found, skipped, problems = read(folder)
    (pipeline,) = (c for c in found.contexts if c.name == "penguin_local_keras")
    assert pipeline.custom_properties["definition"] == PIPELINE
    assert list(skipped) == ["definitions of pipelines that the metadata does not know", *DAMAGED]
    assert problems == ["other.json: the metadata knows no pipeline of its name"]


DAMAGED = ["damaged or senseless records"]


def test_all_else_is_as_in_the_file_alone(folder: Path, store: Store) -> None:
    with open_source(folder) as source:
        assert (source.format, source.total) == ("tfx", 791)
        first = store.load(source.batches(), source.source)
    with open_source(folder) as source:
        again = store.load(source.batches(), source.source)
    with open_source(DATA / "tfx_mlmd.sqlite") as alone:
        assert alone.source == source.source
    assert first.created > 0
    assert (again.created, again.updated, again.new_links) == (0, 0, 0)
    (stored,) = store.get(Kind.ARTIFACT, [17])
    assert stored.custom_properties["auc"] == 0.875


def test_which_folders_are_pipelines(folder: Path, tmp_path: Path) -> None:
    assert recognised(folder) == "tfx"
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="no reader knows"):
        recognised(tmp_path / "empty")
    with pytest.raises(BadFile, match="no ML Metadata file"):
        open_source(tmp_path / "empty", "tfx")
    shutil.copy(folder / "metadata" / "metadata.db", folder / "second.db")
    with pytest.raises(BadFile, match="2 ML Metadata files"):
        open_source(folder)


def test_links_out_of_the_folder_are_not_followed(folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "schema.pbtxt").write_text('feature { name: "secret" }')
    place = folder / "pipelines" / "penguin_local_keras" / "Transform" / "pre_transform_schema"
    place.mkdir(parents=True)
    (place / "14").symlink_to(secret)
    inside = folder / "pipelines" / "penguin_local_keras" / "ImportSchemaGen" / "schema" / "3"
    (inside / "more.pbtxt").symlink_to(secret / "schema.pbtxt")
    found, _, _ = read(folder)
    assert "digest" not in artifact(found, 9).custom_properties
    assert artifact(found, 3).custom_properties["num_features"] == 3


def test_a_damaged_file_is_told_and_the_rest_goes_in(folder: Path) -> None:
    file = folder / "pipelines" / "penguin_local_keras" / METRICS
    file.write_bytes(file.read_bytes()[:-30])
    found, skipped, problems = read(folder)
    assert len(found.artifacts) == 58
    assert "auc" not in artifact(found, 17).custom_properties
    assert skipped == {"damaged or senseless records": 1}
    (problem,) = problems
    assert problem.startswith(
        "pipelines/penguin_local_keras/Evaluator/evaluation/18: cannot be read"
    )


@given(st.binary(max_size=300))
def test_any_bytes_are_an_evaluation_or_refused(data: bytes) -> None:
    with contextlib.suppress(ValueError):
        evaluation_rows(data)


def test_mutations_of_the_files_never_break_it(folder: Path) -> None:
    chance = random.Random(7)
    files = [path for path in (folder / "pipelines").rglob("*") if path.is_file()]
    kept = {path: path.read_bytes() for path in files}
    for _ in range(30):
        path = chance.choice(files)
        data = bytearray(kept[path])
        for _ in range(chance.randint(1, 8)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            found, _, _ = read(folder)
        except LineageError:
            continue
        assert len(found.artifacts) == 58
