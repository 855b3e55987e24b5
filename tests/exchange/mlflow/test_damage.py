"""Damaged folders, databases and answers; links and ids that lead out of what was named."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

import pytest

from lineage_graph.errors import BadFile, LineageError
from tests.exchange.mlflow.reading import altered, read
from tests.exchange.mlflow.served import Served, serving
from tests.mutating import changed_json


def test_links_out_of_the_folder_are_not_followed(made: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.mkdir()
    (secret / "password").write_text("secret")
    run = next(made.glob("*/*/params")).parent
    (run / "params" / "leak").symlink_to(secret / "password")
    (run / "tags" / "more").symlink_to(secret)
    assert "secret" not in str(read(made).nodes)


@pytest.mark.parametrize(
    "text", ["[", "a: &a [*a]", "- 1", "\x00", "x: !!python/object:os.system {}", "{" * 100]
)
def test_a_damaged_description_is_told_and_the_rest_goes_in(made: Path, text: str) -> None:
    run = next(made.glob("*/*/params")).parent
    (run / "meta.yaml").write_text(text)
    found = read(made)
    assert any(
        str(problem).startswith(f"{run.parent.name}/{run.name}/meta.yaml")
        for problem in found.source.problems
    )
    assert found.types()["experiment"] == 2


@pytest.mark.parametrize("place", ["params", "metrics", "tags", "inputs", "outputs"])
def test_a_folder_that_is_a_link_is_told_and_not_followed(
    made: Path, tmp_path: Path, place: str
) -> None:
    outside = tmp_path / "outside"
    (outside / "x").mkdir(parents=True)
    (outside / "password").write_text("1 31337 1")
    (outside / "x" / "meta.yaml").write_text("source_type: MODEL\nsource_id: '31337'")
    run = next(made.glob("*/*/params")).parent
    shutil.rmtree(run / place, ignore_errors=True)
    (run / place).symlink_to(outside)
    found = read(made)
    assert "31337" not in f"{found.nodes}{found.links}{found.source.problems}"
    told = f"{run.parent.name}/{run.name}/{place}: it is a link, which is not followed"
    assert told in map(str, found.source.problems)


@pytest.mark.parametrize("place", ["models", "datasets", "mlruns"])
def test_links_above_are_not_followed_either(made: Path, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "outside"
    if place == "mlruns":
        (tmp_path / "named").mkdir()
        (tmp_path / "named" / "mlruns").symlink_to(made)
        with pytest.raises(BadFile, match="no experiment"):
            read(tmp_path / "named")
        return
    folder = next(path for path in (made / place, *made.glob(f"*/{place}")) if path.is_dir())
    shutil.move(folder, outside)
    folder.symlink_to(outside)
    found = read(made)
    assert found.types()["experiment"] == 2
    assert found.types()["ModelVersion" if place == "models" else "Dataset"] == 0


@pytest.mark.parametrize("way", ["absolute", "..", "../outside", "."])
def test_an_id_that_is_a_path_leads_nowhere(made: Path, tmp_path: Path, way: str) -> None:
    outside = tmp_path / "outside"
    (outside / "r1").mkdir(parents=True)
    (outside / "r1" / "meta.yaml").write_text("run_id: s3cret\nrun_name: s3cret\nstart_time: 1\n")
    home = next(made.glob("*/*/params")).parent.parent
    before = read(made)
    to = str(outside) if way == "absolute" else way
    meta = (home / "meta.yaml").read_text()
    kept = [line for line in meta.splitlines() if not line.startswith("experiment_id")]
    (home / "meta.yaml").write_text("\n".join([*kept, f"experiment_id: '{to}'"]))
    found = read(made)
    assert "s3cret" not in str(found.nodes)
    assert found.types() == before.types()


def test_a_folder_that_is_a_copy_of_another_is_told(made: Path) -> None:
    home = next(made.glob("*/*/params")).parent.parent
    before = read(made)
    shutil.copytree(home, made / "copy")
    found = read(made)
    assert (found.nodes, found.links) == (before.nodes, before.links)
    assert [problem.place for problem in found.source.problems] == ["copy/meta.yaml"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ("UPDATE runs SET start_time = 'abc'", "runs/"),
        ("UPDATE runs SET start_time = ''", ""),
        ("UPDATE runs SET start_time = 1.5", "runs/"),
        ("UPDATE runs SET name = x'00ff'", "runs/"),
        ("UPDATE runs SET name = CAST(x'61ff' AS TEXT)", ""),
        ("UPDATE runs SET run_uuid = CAST(run_uuid AS BLOB)", "runs/"),
        ("UPDATE params SET value = x'ff'", "params/"),
        ("UPDATE metrics SET value = 'abc'", "metrics/"),
        ("UPDATE metrics SET step = 'x'", "metrics/"),
        ("UPDATE metrics SET timestamp = 9223372036854775807", ""),
        ("UPDATE metrics SET key = CAST(key AS BLOB)", "metrics/"),
        ("UPDATE experiments SET creation_time = 'x'", "experiments/"),
        ("UPDATE model_versions SET version = 'x' WHERE version = 3", ""),
        ("UPDATE logged_models SET name = x'01'", "logged_models/"),
        ("UPDATE logged_model_metrics SET metric_step = 'x'", "logged_model_metrics/"),
        ("DELETE FROM datasets", "inputs/"),
        ("UPDATE datasets SET dataset_profile = '{\"num_rows\": 99999999999999999999}'", ""),
        ("UPDATE datasets SET dataset_schema = '[1'", ""),
    ],
)
def test_values_that_sqlite_lets_in_are_told_and_the_rest_goes_in(
    sample: Path, tmp_path: Path, change: str, place: str
) -> None:
    found = read(altered(sample, tmp_path, change))
    places = {problem.place for problem in found.source.problems}
    assert any(told.startswith(place) for told in places) if place else not places
    if "run_uuid" not in change:
        assert found.types()["mlflow.Run"] == 12


def test_damaged_answers_never_break_it(sample: Path) -> None:
    """What a server says; the rest is damaged with the other readers' inputs (tests/exchange/samples.py)."""
    served, dice = Served(sample / "rest"), random.Random(3)
    whole, told = served.answers, 0
    with serving(served) as address:
        for _ in range(15):
            served.answers = {name: changed_json(answer, dice) for name, answer in whole.items()}
            try:
                told += bool(read(address).source.problems)
            except LineageError:
                told += 1
    assert told > 5
