"""The steps of a run over time: the critical path, and runs too long for one page."""

from __future__ import annotations

from typing import Any

from starlette.testclient import TestClient

from lineage_graph.model import (
    Association,
    Context,
    ContextType,
    Execution,
    ExecutionState,
    ExecutionType,
    ParentContext,
    Subgraph,
)
from lineage_graph.store import PutOptions, Store
from lineage_graph.store.values import PutResult

TIMES = PutOptions(restore=True)


def shown(client: TestClient, path: str) -> dict[str, Any]:
    found: dict[str, Any] = client.get(path).json()["steps"]
    return found


def test_a_run_shows_its_critical_path(client: TestClient) -> None:
    steps = shown(client, "/contexts/38.json")
    assert steps["total"] == len(steps["shown"]) == 12
    critical = [step["execution"] for step in steps["shown"] if step["is_critical"]]
    asked = client.get("/ask/critical-path.json?context=38").json()
    assert critical == [row[1] for row in asked["rows"]]
    page = client.get("/contexts/38").text
    assert page.count('class="lane"') == 13  # and the axis
    assert page.count(", on the critical path</span>") == len(critical)


def long_run(store: Store, steps: int) -> PutResult:
    return store.put(
        Subgraph(
            execution_types=(ExecutionType(name="Step"),),
            context_types=(ContextType(name="pipeline_run"),),
            contexts=(
                Context(
                    id=-1,
                    type="pipeline_run",
                    name="long",
                ),
            ),
            executions=tuple(
                Execution(
                    id=-1 - n,
                    type="Step",
                    last_known_state=ExecutionState.COMPLETE if n else ExecutionState.RUNNING,
                    create_time_since_epoch=1_000_000 + n * 1000,
                    last_update_time_since_epoch=1_000_000 + n * 1000 + n,
                )
                for n in range(steps)
            ),
            associations=tuple(
                Association(execution_id=-1 - n, context_id=-1) for n in range(steps)
            ),
        ),
        TIMES,
    )


def test_a_long_run_shows_its_longest_steps_or_all_of_them_page_by_page(
    blank: TestClient, store: Store
) -> None:
    put = long_run(store, 130)
    path, ids = f"/contexts/{put.context_ids[0]}", put.execution_ids
    longest = [step["execution"] for step in shown(blank, f"{path}.json")["shown"]]
    assert longest == [ids[0], *ids[31:]]  # what still runs, and those that took longest
    assert "The 100 longest of 130 steps" in blank.get(path).text
    pages = [shown(blank, f"{path}.json?steps={page}")["shown"] for page in (1, 2, 99)]
    assert [step["execution"] for step in (*pages[0], *pages[1])] == list(ids)
    assert pages[2] == pages[1]
    assert "Steps 101 to 130 of 130." in blank.get(f"{path}?steps=2").text


def test_a_pipeline_sums_up_its_runs(client: TestClient) -> None:
    found = client.get("/contexts/1.json").json()["summary"]
    assert (found["total"], found["ended"], found["good"], found["pages"]) == (5, 5, 3, 1)
    page = client.get("/contexts/1").text
    assert "<b>60 %</b>" in page
    assert page.partition('class="bars"')[2].partition("</svg>")[0].count("<a href") == 5
    assert client.get("/contexts/1.json?page=99").json()["summary"]["page"] == 1


def test_a_long_run_does_not_wait_for_its_picture(blank: TestClient, store: Store) -> None:
    path = f"/contexts/{long_run(store, 50).context_ids[0]}"
    assert "the picture is read on its own" in blank.get(path).text
    assert len(blank.get(f"{path}.json").json()["picture"]["cards"]) > 0
    listed = blank.get(f"{path}?row=1").text
    assert "50 nodes" in listed
    assert 'href="?depth=1&amp;row=1"' in blank.get(path).text


def test_a_run_is_compared_with_the_one_before_it_that_completed(client: TestClient) -> None:
    for path in ("/contexts/1", "/contexts/38", "/contexts/1?run=38"):
        assert "/compare?node=context/26&amp;node=context/38" in client.get(path).text
    assert "/compare" not in client.get("/contexts/2").text.partition("<main")[2]


def test_a_pipeline_shows_each_step_of_its_latest_runs(client: TestClient) -> None:
    grid = client.get("/contexts/1.json").json()["grid"]
    runs = client.get("/ask/runs-of-pipeline.json?context=1").json()["rows"]
    assert [run["context"] for run in grid["runs"]] == [row[0] for row in runs][::-1]
    steps = dict(grid["steps"])
    for place, run in enumerate(grid["runs"]):
        ran = client.get(f"/ask/executions-of-run.json?context={run['context']}").json()["rows"]
        expected = {row[1]: (row[4], f"/executions/{row[0]}") for row in ran}
        shown = {
            step: (squares[place]["state"], squares[place]["path"])
            for step, squares in steps.items()
            if squares[place] is not None
        }
        assert shown == expected
        made = client.get(f"/artifacts.json?context={run['context']}&limit=1").json()["total"]
        assert sum(numbers[place] or 0 for _, numbers in grid["types"]) == made
    page = client.get("/contexts/1").text
    assert page.count('×<span class="said">failed') == sum(row[4] for row in runs)
    assert "did not run" in page


def test_a_state_that_was_not_told_is_unknown_to_people(blank: TestClient, store: Store) -> None:
    unknown = ExecutionState.UNKNOWN
    made = store.put(
        Subgraph(
            context_types=(ContextType(name="pipeline"), ContextType(name="run")),
            execution_types=(ExecutionType(name="Step"), ExecutionType(name="Other")),
            contexts=(
                Context(id=-1, type="pipeline", name="p"),
                Context(id=-2, type="run", name="r"),
            ),
            executions=(
                Execution(id=-1, type="Step"),
                Execution(id=-2, type="Other", last_known_state=unknown),
            ),
            parent_contexts=(ParentContext(child_id=-2, parent_id=-1),),
            associations=(
                Association(execution_id=-1, context_id=-2),
                Association(execution_id=-2, context_id=-2),
            ),
        )
    )
    pipeline, run = made.context_ids
    grid = blank.get(f"/contexts/{pipeline}.json").json()["grid"]
    assert [square["state"] for _, (square,) in grid["steps"]] == ["UNKNOWN"] * 2
    assert blank.get(f"/contexts/{run}.json").json()["states"] == {"UNKNOWN": 2}
    assert ">2 unknown</a>" in blank.get(f"/contexts/{run}").text
    listed = blank.get(f"/executions.json?context={run}&state=UNKNOWN").json()
    assert [node["last_known_state"] for node in listed["nodes"]] == ["UNKNOWN", None]
    told = blank.get("/executions.json?where=last_known_state+=+UNKNOWN").json()
    assert [node["id"] for node in told["nodes"]] == [made.execution_ids[1]]


def test_a_step_that_ran_often_is_one_square(blank: TestClient, store: Store) -> None:
    run = long_run(store, 130)
    pipeline = store.put(
        Subgraph(
            context_types=(ContextType(name="pipeline"),),
            contexts=(Context(id=-1, type="pipeline", name="p"),),
            parent_contexts=(ParentContext(child_id=run.context_ids[0], parent_id=-1),),
        )
    ).context_ids[0]
    ((step, (square,)),) = blank.get(f"/contexts/{pipeline}.json").json()["grid"]["steps"]
    assert (step, square["state"], square["executions"]) == ("Step", "RUNNING", 130)
    assert "running, ran 130 times" in blank.get(f"/contexts/{pipeline}").text
