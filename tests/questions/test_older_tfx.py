"""Stores of TFX before 1.0: contexts of types pipeline, run and component_run, none part of another.

Executions are associated with all three, artifacts attributed to them.
"""

from __future__ import annotations

import io
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange.writing import WRITERS, About
from lineage_graph.model import (
    Artifact,
    ArtifactType,
    Association,
    Attribution,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    ParentContext,
    PropertyKind,
    Subgraph,
)
from lineage_graph.questions import ask
from lineage_graph.server.app import create_app
from lineage_graph.store import PutOptions, Store

COMPONENTS = ("CsvExampleGen", "Trainer", "Pusher")
START = 1_600_000_000_000
RESTORED = PutOptions(restore=True, reuse_contexts=True, existing_links="ignore", add_fields=True)


def run_of(
    store: Store, pipeline: str, run: str, at: int, *, told: bool = True, failed: bool = False
) -> dict[str, int]:
    """One run, put as TFX 0.2x did; ``told`` is whether contexts have their properties."""
    named = {"pipeline_name": pipeline, "run_id": run} if told else {}
    contexts = [
        Context(id=-1, type="pipeline", name=pipeline, properties=_first(named)),
        Context(id=-2, type="run", name=f"{pipeline}.{run}", properties=named),
    ]
    executions, artifacts, links, events, held = [], [], [], [], []
    for number, component in enumerate(COMPONENTS):
        mine = -3 - number
        of_component = {**named, "component_id": component} if told else {}
        contexts.append(
            Context(
                id=mine,
                type="component_run",
                name=f"{pipeline}.{run}.{component}",
                properties=of_component,
            )
        )
        executions.append(
            Execution(
                id=mine,
                type=f"tfx.components.{component.lower()}.component.{component}",
                last_known_state=ExecutionState.FAILED
                if failed and component == "Pusher"
                else ExecutionState.COMPLETE,
                create_time_since_epoch=at + 1000 * number,
                last_update_time_since_epoch=at + 1000 * number + 900,
            )
        )
        artifacts.append(Artifact(id=mine, type="Thing", uri=f"/{pipeline}/{run}/{component}"))
        events.append(Event(artifact_id=mine, execution_id=mine, type=EventType.OUTPUT))
        if number:
            events.append(Event(artifact_id=mine + 1, execution_id=mine, type=EventType.INPUT))
        for context in (-1, -2, mine):
            links.append(Association(execution_id=mine, context_id=context))
            held.append(Attribution(artifact_id=mine, context_id=context))
    text = PropertyKind.STRING
    declared = {"pipeline_name": text, "run_id": text, "component_id": text}
    result = store.put(
        Subgraph(
            artifact_types=(ArtifactType(name="Thing"),),
            execution_types=tuple(ExecutionType(name=e.type or "") for e in executions),
            context_types=tuple(
                ContextType(name=name, properties=declared)
                for name in ("pipeline", "run", "component_run")
            ),
            contexts=tuple(contexts),
            executions=tuple(executions),
            artifacts=tuple(artifacts),
            events=tuple(events),
            associations=tuple(links),
            attributions=tuple(held),
        ),
        RESTORED,
    )
    return {"pipeline": result.context_ids[0], "run": result.context_ids[1]}


def _first(named: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in named.items() if key == "pipeline_name"}


def rows(store: Store, question: str, **values: Any) -> list[dict[str, Any]]:
    answer = ask(store, question, **values)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


@pytest.fixture(params=[True, False], ids=["told", "untold"])
def old(store: Store, request: pytest.FixtureRequest) -> tuple[Store, list[dict[str, int]]]:
    """Two pipelines: of the first two runs, the second of which failed."""
    told = bool(request.param)
    runs = [
        run_of(store, "taxi", "2020-06-01T12:00:00.1", START, told=told),
        run_of(store, "taxi", "2020-06-02T12:00:00.1", START + 86_400_000, told=told, failed=True),
        run_of(store, "iris", "2020-06-03T12:00:00.1", START + 90_000_000, told=told),
    ]
    return store, runs


def test_pipelines_runs_and_steps_are_found(old: tuple[Store, list[dict[str, int]]]) -> None:
    store, (first, second, other) = old
    found = {row["name"]: row for row in rows(store, "pipelines")}
    assert {name: row["runs"] for name, row in found.items()} == {"taxi": 2, "iris": 1}
    assert found["taxi"]["last_run_context"] == second["run"]
    runs = rows(store, "runs_of_pipeline", context=first["pipeline"])
    assert [row["context"] for row in runs] == [second["run"], first["run"]]
    assert [row["state"] for row in runs] == ["FAILED", "COMPLETE"]
    assert [row["executions"] for row in runs] == [3, 3]
    assert [row["duration"] for row in runs] == [2900, 2900]
    steps = rows(store, "executions_of_run", context=second["run"])
    assert [row["step"] for row in steps] == list(COMPONENTS)
    (failed,) = rows(store, "failed_runs")
    assert (failed["context"], failed["pipeline_context"]) == (second["run"], first["pipeline"])
    assert failed["step"] == "Pusher"
    (of,) = rows(store, "parents_of_context", context=other["run"])
    assert of["parent_context"] == other["pipeline"]
    assert rows(store, "parents_of_context", context=first["pipeline"]) == []
    (failure,) = rows(store, "failed_executions")
    assert failure["run_context"] == second["run"]
    assert len(rows(store, "artifacts_of_pipeline", context=first["pipeline"])) == 6


def test_pages_show_them(old: tuple[Store, list[dict[str, int]]]) -> None:
    store, (first, second, _) = old
    client = TestClient(create_app(store), "http://127.0.0.1")
    overview = client.get("/").text
    assert "taxi" in overview
    assert "iris" in overview
    page = client.get(f"/contexts/{first['pipeline']}")
    assert page.status_code == 200
    for run in (first, second):
        assert f"/contexts/{run['run']}" in page.text
    data = client.get(f"/contexts/{second['run']}.json").json()
    assert [parent["id"] for parent in data["parents"]] == [first["pipeline"]]
    assert [step["step"] for step in data["steps"]["shown"]] == list(COMPONENTS)
    assert f"context/{first['run']}" in client.get(f"/contexts/{second['run']}").text


def test_a_pipeline_goes_on_under_a_newer_release(store: Store) -> None:
    before = run_of(store, "taxi", "2020-06-01T12:00:00.1", START)
    result = store.put(
        Subgraph(
            context_types=(ContextType(name="pipeline_run"),),
            contexts=(
                Context(
                    id=-1, type="pipeline_run", name="new", create_time_since_epoch=START + 10**9
                ),
            ),
            parent_contexts=(ParentContext(child_id=-1, parent_id=before["pipeline"]),),
        ),
        RESTORED,
    )
    runs = rows(store, "runs_of_pipeline", context=before["pipeline"])
    assert [row["context"] for row in runs] == [*result.context_ids, before["run"]]
    (pipeline,) = rows(store, "pipelines")
    assert (pipeline["runs"], pipeline["last_run_context"]) == (2, result.context_ids[0])


def test_nothing_of_it_is_stored_or_exported(
    old: tuple[Store, list[dict[str, int]]], tmp_path: Path
) -> None:
    store, _ = old
    rows(store, "pipelines")
    assert store.counts().parent_contexts == 0
    out = io.BytesIO()
    WRITERS["mlmd"].write(store.dump(), out, About(store.id))
    path = tmp_path / "mlmd.sqlite"
    path.write_bytes(out.getvalue())
    with closing(sqlite3.connect(path)) as connection:
        assert connection.execute("SELECT count(*) FROM ParentContext").fetchone() == (0,)
