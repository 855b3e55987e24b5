"""MLflow's lineage in a store: again nothing new, later what changed, and names that stand twice."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from starlette.testclient import TestClient

from lineage_graph.exchange import open_source
from lineage_graph.model import Kind
from lineage_graph.model.labels import head_of
from lineage_graph.server.app import create_app
from lineage_graph.store import Find, LoadResult, Store
from tests.exchange.mlflow.reading import altered

_RUN = (
    "INSERT INTO runs (run_uuid, name, status, start_time, lifecycle_stage, experiment_id)"
    " VALUES ('{}', '{}', 'RUNNING', 1895430771339, 'active', 1)"
)


def load(store: Store, file: Path) -> LoadResult:
    with open_source(file) as source:
        return store.load_keyed(source.batches(), source.source)


def news(result: LoadResult) -> tuple[int, int, int]:
    return result.created, result.updated, result.new_links


def named(store: Store, kind: Kind, type: str) -> set[str | None]:
    return {n.name for n in store.find(Find(kind=kind, type=type, limit=100)).nodes}


def test_reading_again_changes_nothing_and_later_only_adds(
    store: Store, sample: Path, tmp_path: Path
) -> None:
    to_staging = "UPDATE model_versions SET current_stage = 'Staging' WHERE version = 2"
    file = altered(sample, tmp_path, to_staging)
    first = load(store, file)
    assert (first.nodes, first.created) == (45, 45)  # types are no nodes
    assert first.new_links > 100
    assert news(load(store, file)) == (0, 0, 0)
    altered(sample, tmp_path, _RUN.format("new", "new"))
    assert news(load(store, file)) == (2, 0, 3)  # its execution and its context
    altered(
        sample,
        tmp_path,
        "UPDATE runs SET status = 'FAILED', end_time = 1895430771340 WHERE name = 'new'",
    )
    assert news(load(store, file)) == (0, 2, 0)
    moved = [
        "UPDATE registered_model_aliases SET version = 3",
        "UPDATE model_versions SET current_stage = 'None' WHERE version = 2",
    ]
    altered(sample, tmp_path, *moved)
    assert news(load(store, file)) == (0, 3, 0)
    versions = store.find(Find(kind=Kind.ARTIFACT, type="ModelVersion")).nodes
    told = {
        n.name: (n.custom_properties["aliases"], n.custom_properties["stage"]) for n in versions
    }
    assert told == {
        "wine-clf version 1": ("", ""),
        "wine-clf version 2": ("", ""),
        "wine-clf version 3": ("champion", ""),
    }


def test_what_has_one_name_stays_several(store: Store, sample: Path, tmp_path: Path) -> None:
    run = "b3ab0854b2414822b28ca41b88eafd54"
    columns = "experiment_id, name, lifecycle_stage, creation_time, workspace"
    files = [
        f"UPDATE model_versions SET source = 'file:///a/{path}/model', run_id = '{run}'"
        f" WHERE version = {version}"
        for version, path in ((1, "x"), (2, "y"))
    ]
    file = altered(
        sample,
        tmp_path,
        _RUN.format("aaaaaaaa1", "train"),
        _RUN.format("aaaaaaaa2", "train"),
        f"INSERT INTO experiments ({columns}) VALUES (2, 'wine', 'active', 1895430771339, 'other')",
        *files,
    )
    first = load(store, file)
    with open_source(file) as source:
        key = source.source
    assert named(store, Kind.CONTEXT, "experiment") == {"Default", "wine (1)", "wine (2)"}
    names = named(store, Kind.EXECUTION, "mlflow.Run") & named(store, Kind.CONTEXT, "run")
    assert {"train aaaaaaaa", f"train aaaaaaaa ({key})"} <= names
    assert {"model of run b3ab0854", f"model of run b3ab0854 ({key})"} <= named(
        store, Kind.ARTIFACT, "Model"
    )
    assert first.created == first.nodes
    assert news(load(store, file)) == (0, 0, 0)
    altered(sample, tmp_path, "UPDATE experiments SET creation_time = 5 WHERE experiment_id = 0")
    assert load(store, file).created == first.nodes  # another server's, with the same names


def test_pages_draw_how_metrics_went(store: Store, sample: Path, tmp_path: Path) -> None:
    """Of a run by itself, of one that others are nested in, and of two side by side."""
    value = "INSERT INTO metrics (key, value, timestamp, run_uuid, step, is_nan) "
    with closing(sqlite3.connect(sample / "mlflow.db")) as database:
        runs = dict(database.execute("SELECT name, run_uuid FROM runs"))
    statements = [
        f"{value} VALUES ('auc', {step / 10}, {step}, '{runs[name]}', {step}, 0)"
        for name in ("rf", "logreg", "rf-eval")
        for step in range(8)
    ]
    load(store, altered(sample, tmp_path, *statements))
    contexts = store.find(Find(kind=Kind.CONTEXT, type="run", limit=100)).nodes
    rf, logreg = (next(n for n in contexts if head_of(n) == name) for name in ("rf", "logreg"))
    pages = (f"/contexts/{rf.id}", f"/compare?node={rf.ref}&node={logreg.ref}")
    with TestClient(create_app(store), base_url="http://localhost") as client:
        run, two = (client.get(page).text for page in pages)
        (execution,) = (
            n
            for n in store.find(Find(kind=Kind.EXECUTION, context=rf.id)).nodes
            if head_of(n) == "rf"
        )
        alone = client.get(f"/executions/{execution.id}").text
    assert "How the metrics went" in alone
    assert 'aria-label="auc by step. 8 values from step 0 to 7, from 0 to 0.7. best 0.7' in alone
    assert "<b>A</b>" not in alone
    for page, values in ((run, 16), (two, 24)):
        assert "B best 0.7 at step 7, last 0.7" in page
        assert f"{values} values from step 0 to 7" in page
    assert ">history.auc" not in two
    assert ">run_id<" not in two
