"""MLflow through its three doors: a real database, real answers of its server, a folder its client made."""

from __future__ import annotations

import shutil
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.errors import BadFile
from lineage_graph.exchange import open_source
from lineage_graph.exchange.mlflow.values import document, value_of
from lineage_graph.exchange.registry import recognised
from lineage_graph.model import EventType, ExecutionState, Kind
from lineage_graph.model.labels import head_of
from tests.conftest import DATA
from tests.exchange.mlflow.reading import altered, read
from tests.exchange.mlflow.served import Served, serving


def test_all_is_called_as_mlflow_calls_it(sample: Path) -> None:
    found = read(sample / "mlflow.db")
    with closing(sqlite3.connect(sample / "mlflow.db")) as database:
        names = [row[0] for row in database.execute("SELECT name FROM runs")]
        datasets = {row[0] for row in database.execute("SELECT name FROM datasets")}
    called: dict[str | None, list[str]] = {}
    for node in found.nodes.values():
        called.setdefault(node.type, []).append(head_of(node))
    assert sorted(called["mlflow.Run"]) == sorted(names)
    assert {*called["run"]} <= {*names}
    assert {*called["Dataset"]} == datasets
    assert {*called["Model"]} == {"best_estimator", "model"}
    assert "wine-clf version 1" in called["ModelVersion"]


def test_everything_of_a_database_comes_across(sample: Path) -> None:
    found = read(sample / "mlflow.db")
    assert found.types() == {
        "mlflow.Run": 12,
        "Metrics": 10,
        "run": 6,
        "Dataset": 4,
        "Model": 4,
        "ModelVersion": 3,
        "mlflow.Register": 3,
        "experiment": 2,
        "registered_model": 1,
    }
    with closing(sqlite3.connect(sample / "mlflow.db")) as database:

        def asked(statement: str) -> set[Any]:
            return set(database.execute(statement))

        params = asked("SELECT run_uuid, key, value FROM params")
        metrics = asked("SELECT run_uuid, key, value FROM latest_metrics")
        inputs = asked(
            "SELECT destination_id, d.name, d.digest FROM inputs i JOIN datasets d"
            " ON d.dataset_uuid = i.source_id WHERE i.source_type = 'DATASET'"
        )
    runs = {
        name.partition("|")[2]: node
        for (kind, name), node in found.nodes.items()
        if kind is Kind.EXECUTION and name.startswith("run|")
    }
    assert {
        (r, k, v) for r, k, v in params if runs[r].custom_properties[k] == value_of(v)
    } == params
    for run, key, value in metrics:
        assert found.nodes[Kind.ARTIFACT, f"metrics|{run}"].custom_properties[key] == value
    told = {
        (link[0].partition("|")[2], *link[2].split("|")[2:])
        for link in found.links
        if link[1] is EventType.INPUT and link[2].startswith("dataset|")
    }
    assert told == inputs
    states = Counter(node.last_known_state for node in runs.values())  # type: ignore[attr-defined]
    assert states == {ExecutionState.COMPLETE: 10, ExecutionState.FAILED: 2}


def test_the_server_tells_what_its_database_holds(sample: Path) -> None:
    served = Served(sample / "rest")
    with serving(served) as address:
        over_rest = read(address)
    in_sql = read(sample / "mlflow.db")
    assert over_rest.source.source == in_sql.source.source
    assert over_rest.nodes == in_sql.nodes
    assert over_rest.links == in_sql.links


def test_a_model_is_followed_from_its_data_to_its_version(sample: Path) -> None:
    links = {link[:3] for link in read(sample / "mlflow.db").links}
    run = "run|b3ab0854b2414822b28ca41b88eafd54"
    model = "model|m-2b3a804f6bde4ebda635b4b5536f67ad"
    assert {
        (run, EventType.INPUT, "dataset|1|wine-train|770e9b05"),
        (run, EventType.OUTPUT, model),
        ("register|wine-clf|1", EventType.INPUT, model),
        ("register|wine-clf|1", EventType.OUTPUT, "version|wine-clf|1"),
        ("run|a4cc111a8981414caed289005c812524", EventType.INPUT, model),
    } <= links


def test_nested_runs_belong_to_the_run_they_are_in(sample: Path) -> None:
    found = read(sample / "mlflow.db")
    top = "run|705a091c5ffe4341a3b90e14a7eb1646"
    inside = {link[1] for link in found.links if link[0] == "in" and link[2] == top}
    assert len([name for name in inside if name.startswith("run|")]) == 5
    assert ("of", top, "experiment|1") in found.links


def test_a_folder_of_runs(made: Path) -> None:
    found = read(made)
    assert found.source.skipped == {"deleted runs": 1}
    run = found.one(
        Kind.EXECUTION,
        next(
            n
            for (k, n), v in found.nodes.items()
            if k is Kind.EXECUTION and v.name and v.name.startswith("sweep")
        ),
    )
    told = run.custom_properties
    assert (told["lr"], told["layers"], told["git_commit"]) == ("0.10", 3, "a" * 40)
    assert (told["user"], told["user (parameter)"], told["description"]) == (
        "ann",
        "x",
        "first try",
    )
    metrics = next(
        v for v in found.nodes.values() if v.name and v.name.startswith("metrics of sweep")
    )
    assert metrics.custom_properties["loss"] == 0.2
    assert (metrics.custom_properties["loss least"], metrics.custom_properties["loss most"]) == (
        0.2,
        1.0,
    )
    assert metrics.custom_properties["val/acc"] == 0.5
    history: Any = metrics.custom_properties["history"]
    assert history["loss"][0] == [0.0, 1.0, 1700000000000.0]
    assert len(history["loss"]) == 5
    (dataset,) = (v for v in found.nodes.values() if v.type == "Dataset")
    assert (dataset.custom_properties["rows"], dataset.uri) == (7, "/data/pens.csv")  # type: ignore[attr-defined]
    (best,) = (v for v in found.nodes.values() if v.custom_properties.get("aliases"))
    assert (best.name, best.custom_properties["aliases"]) == ("pen-net version 1", "best")
    assert found.types()["Model"] == 2  # one was registered from a run's files
    models = {link[:2] for link in found.links if len(link) == 5 and link[2].startswith("model|")}
    assert {direction for _, direction in models} == {EventType.INPUT, EventType.OUTPUT}
    states = {v.last_known_state for v in found.nodes.values() if v.type == "mlflow.Run"}  # type: ignore[attr-defined]
    assert states == {ExecutionState.COMPLETE, ExecutionState.FAILED, ExecutionState.RUNNING}


def test_what_is_recognised(sample: Path, made: Path, tmp_path: Path) -> None:
    assert recognised(sample / "mlflow.db") == "mlflow"
    assert recognised(made) == recognised(made.parent) == "mlflow"
    assert recognised("https://mlflow.example") == "mlflow"
    with pytest.raises(BadFile, match="not of MLflow"):
        open_source(DATA / "tfx_mlmd.sqlite", "mlflow")
    with pytest.raises(BadFile, match="--from mlflow"):
        open_source(sample / "mlflow.db", "mlmd")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadFile, match="no experiment"):
        open_source(tmp_path / "empty", "mlflow")


def test_deleted_things_are_counted(sample: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(sample / "mlflow.db", tmp_path / "mlflow.db"))
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("UPDATE runs SET lifecycle_stage = 'deleted' WHERE name = 'grid'")
        database.execute(
            "UPDATE experiments SET lifecycle_stage = 'deleted' WHERE name = 'Default'"
        )
    found = read(file)
    assert found.source.skipped == {"deleted runs": 1, "deleted experiments": 1}
    assert found.types()["mlflow.Run"] == 11
    assert found.types()["run"] == 9  # what was nested in it stands for itself


@pytest.mark.parametrize("ids", ["0", "2"])
def test_a_run_nested_in_one_of_another_experiment_belongs_to_it(
    sample: Path, tmp_path: Path, ids: str
) -> None:
    changes = [
        "INSERT INTO experiments (experiment_id, name, lifecycle_stage) VALUES (2, 'late', 'active')",
        f"UPDATE runs SET experiment_id = {ids} WHERE name = 'funny-pig-827'",
    ]
    in_sql = read(altered(sample, tmp_path, *changes))
    assert in_sql.types()["run"] == 6
    served = Served(sample / "rest")
    late = {"experiment_id": "2", "name": "late", "lifecycle_stage": "active"}
    served.answers["experiments"]["experiments"].append(late)
    moved = [run["info"] for run in served.answers["runs"]["runs"]]
    moved += [run["info"] for run in served.answers["run_get"].values()]
    for info in moved:
        if info["run_name"] == "funny-pig-827":
            info["experiment_id"] = ids
    with serving(served) as address:
        assert read(address).links == in_sql.links


def test_runs_nested_in_a_circle_and_in_themselves_stand(sample: Path, tmp_path: Path) -> None:
    rows = [
        "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id)"
        f" VALUES ('{run}', 'r', 'FINISHED', 1, 'active', 1)"
        for run in ("c1", "c2", "c3", "self")
    ]
    rows += [
        f"INSERT INTO tags VALUES ('mlflow.parentRunId', '{parent}', '{run}')"
        for run, parent in (("c1", "c2"), ("c2", "c1"), ("c3", "c2"), ("self", "self"))
    ]
    found = read(altered(sample, tmp_path, *rows))
    inside = {link[1:] for link in found.links if link[0] == "in" and "run|" in link[2]}
    assert {("run|c1", "run|c1"), ("run|c2", "run|c1"), ("run|c3", "run|c1")} <= inside
    assert ("run|self", "run|self") in inside


def test_a_run_that_started_before_1970_is_there(sample: Path, tmp_path: Path) -> None:
    file = altered(sample, tmp_path, "UPDATE runs SET start_time = -5 WHERE name = 'rf'")
    assert read(file).types()["mlflow.Run"] == 12


def test_of_too_many_values_of_metrics_the_first_and_the_last_are_kept(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lineage_graph.exchange.mlflow.database._MOST_POINTS", 10)
    run = "b3ab0854b2414822b28ca41b88eafd54"
    values = ", ".join(f"('loss', {9 - step / 9}, 1, '{run}', {step}, 0)" for step in range(30))
    file = altered(
        sample,
        tmp_path,
        f"DELETE FROM metrics WHERE run_uuid = '{run}'",
        f"DELETE FROM latest_metrics WHERE run_uuid = '{run}'",
        f"INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) VALUES {values}",
        "INSERT INTO latest_metrics SELECT key, value, timestamp, step, is_nan, run_uuid"
        f" FROM metrics WHERE run_uuid = '{run}' AND step = 29",
    )
    found = read(file)
    assert found.source.skipped["values of metrics beyond the first 10 of a run"] == 19
    history: Any = found.nodes[Kind.ARTIFACT, f"metrics|{run}"].custom_properties["history"]
    assert [step for step, _, _ in history["loss"]] == [*map(float, range(10)), 29.0]


def test_a_metric_that_is_no_number_is_said_to_be_none(sample: Path, tmp_path: Path) -> None:
    run = "b3ab0854b2414822b28ca41b88eafd54"
    columns = "(key, value, timestamp, run_uuid, step, is_nan)"
    values = f"('loss', 0.5, 1, '{run}', 0, 0), ('loss', 0, 2, '{run}', 1, 1)"
    found = read(altered(sample, tmp_path, f"INSERT INTO metrics {columns} VALUES {values}"))
    metrics = found.nodes[Kind.ARTIFACT, f"metrics|{run}"].custom_properties
    assert metrics["loss"] == "NaN"
    assert "loss least" not in metrics
    assert any(isinstance(value, float) for value in metrics.values())


def test_models_of_several_workspaces_are_several(sample: Path, tmp_path: Path) -> None:
    found = read(
        altered(
            sample,
            tmp_path,
            "INSERT INTO registered_models (name, workspace) VALUES ('wine-clf', 'other')",
            "INSERT INTO model_versions (name, version, workspace, source, status)"
            " VALUES ('wine-clf', 1, 'other', 's3://elsewhere', 'READY')",
            "INSERT INTO registered_model_aliases VALUES ('theirs', 1, 'wine-clf', 'other')",
        )
    )
    ours = found.nodes[Kind.ARTIFACT, "version|wine-clf|1"]
    theirs = found.nodes[Kind.ARTIFACT, "version|other|wine-clf|1"]
    assert (ours.name, theirs.name) == ("wine-clf version 1", "wine-clf (other) version 1")
    assert ours.custom_properties["aliases"] != theirs.custom_properties["aliases"] == "theirs"
    assert found.types()["registered_model"] == 2


@given(st.text(max_size=40) | st.floats().map(str) | st.integers().map(str))
def test_a_parameter_is_a_number_only_where_that_loses_nothing(text: str) -> None:
    value = value_of(text)
    if not isinstance(value, str):
        assert str(value) == text or repr(value) == text


def test_what_json_allows_and_stores_do_not_is_text() -> None:
    text = '{"rows": 99999999999999999999, "a\\u0000": "\\ud800", "b": [NaN, 1e999, -5]}'
    assert document(text) == {
        "rows": "9" * 20,
        "a\ufffd": "?",
        "b": ["NaN", "inf", -5],
    }
    assert document("[" * 9999) is document("[1]") is document("") is None
