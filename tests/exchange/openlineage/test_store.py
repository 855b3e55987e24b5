"""OpenLineage events in a store: read again, read on, asked."""

from __future__ import annotations

import random
import re
from pathlib import Path

from starlette.testclient import TestClient

from lineage_graph.exchange import open_source
from lineage_graph.questions import ask
from lineage_graph.server.app import create_app
from lineage_graph.store import Store
from tests.conftest import DATA

DBT = DATA / "dbt_ol_events.ndjson"


def load(store: Store, path: Path, after: str = "") -> tuple[int, int, int, str]:
    with open_source(path) as source:
        source.after = after
        result = store.load_keyed(source.batches(), source.source)
        assert source.problems == []
    return result.created, result.updated, result.new_links, source.cursor


def test_reading_again_changes_nothing_and_questions_are_answered(
    store: Store, tmp_path: Path
) -> None:
    created, updated, links, cursor = load(store, DBT)
    assert (created > 30, updated, links > 30) == (True, 0, True)
    lines = DBT.read_text().splitlines(keepends=True)
    random.Random(3).shuffle(lines)
    shuffled = tmp_path / "shuffled.ndjson"
    shuffled.write_text("".join(lines))
    assert load(store, shuffled)[:3] == (0, 0, 0)
    assert load(store, DBT, cursor)[:3] == (0, 0, 0)
    (pipeline,) = ask(store, "pipelines").rows
    assert (pipeline[2], pipeline[3]) == ("dbt-run-jaffle (lab)", 3)
    runs = ask(store, "runs_of_pipeline", context=pipeline[0]).rows
    assert [run[2] for run in runs] == ["FAILED", "FAILED", "COMPLETE"]
    assert [run[3] for run in runs] == [5, 2, 5]
    the_run_that_holds_the_others_is_no_step_of_it(store, pipeline[0], runs[-1][0])


def the_run_that_holds_the_others_is_no_step_of_it(store: Store, pipeline: int, run: int) -> None:
    columns = ("name", "whole")
    told = ask(store, "executions_of_run", context=run)
    places = [told.columns.index(name) for name in columns]
    whole = {row[places[0]].split()[0]: row[places[1]] for row in told.rows}
    assert [name for name, held in whole.items() if held] == ["dbt-run-jaffle"]
    assert len(whole) == 5
    path = [row[3] for row in ask(store, "critical_path", context=run).rows]
    assert len(path) == 3
    assert not any(name.startswith("dbt-run-jaffle") for name in path)
    with TestClient(create_app(store), base_url="http://localhost") as client:
        steps = client.get(f"/contexts/{run}.json").json()["steps"]["shown"]
        assert {step["step"]: step["is_whole"] for step in steps} == whole
        assert [step["step"] for step in steps if step["is_critical"]] == [
            name.split()[0] for name in path
        ]
        grid = client.get(f"/contexts/{pipeline}.json").json()["grid"]
        page = client.get(f"/contexts/{run}")
        (path, number) = re.search(
            r'href="(/artifacts[^"]*)"[^>]*>(\d+) artifacts<', page.text
        ).groups()  # type: ignore[union-attr]
        listed = client.get(path.replace("?", ".json?")).json()
        assert (listed["total"], number) == (4, "4")  # none of which is attributed to the run
        made = [row[0] for row in ask(store, "made_in_run", context=run).rows]
        assert sorted(node["id"] for node in listed["nodes"]) == sorted(made)
    place = [column["context"] for column in grid["runs"]].index(run)
    assert grid["artifacts"][place] == 4
    assert {kind: numbers[place] for kind, numbers in grid["types"]} == {"Dataset": 4}
    names = [step for step, _ in grid["steps"]]
    assert "jaffle.main.jaffle.stg_wine" in names
    assert "dbt-run-jaffle" not in names
