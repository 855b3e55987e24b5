"""Runs as Kubeflow Pipelines records them: steps nested in DAGs, of which that of the run never ends."""

from __future__ import annotations

import re
from html import unescape

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
    Value,
)
from lineage_graph.questions import ask
from lineage_graph.questions.differences.why import why
from lineage_graph.store import PutOptions, Store

DAG, STEP, IMPORTER = (f"system.{kind}Execution" for kind in ("DAG", "Container", "Importer"))
RUNNING, COMPLETE = ExecutionState.RUNNING, ExecutionState.COMPLETE
CANCELED, FAILED = ExecutionState.CANCELED, ExecutionState.FAILED


def put_run(
    store: Store,
    *steps: tuple[str, str, str, ExecutionState],
    name: str = "11111111",
    rate: float = 0.1,
) -> int:
    """Store a run whose executions are given by type, task, what is shown of it, and state; return its id."""
    executions = tuple(
        Execution(
            id=-number,
            type=kind,
            last_known_state=state,
            custom_properties=_properties(task, shown, rate),
        )
        for number, (kind, task, shown, state) in enumerate(steps, 1)
    )
    subgraph = Subgraph(
        execution_types=tuple(ExecutionType(name=name) for name in (DAG, STEP, IMPORTER)),
        context_types=tuple(
            ContextType(name=f"system.{name}") for name in ("Pipeline", "PipelineRun")
        ),
        contexts=(
            Context(id=-1, type="system.Pipeline", name="penguin"),
            Context(id=-2, type="system.PipelineRun", name=name),
        ),
        parent_contexts=(ParentContext(child_id=-2, parent_id=-1),),
        executions=executions,
        associations=tuple(
            Association(execution_id=one.id or 0, context_id=-2) for one in executions
        ),
    )
    options = PutOptions(reuse_contexts=True, existing_links="ignore")
    return store.put(subgraph, options).context_ids[1]


def _properties(task: str, shown: str, rate: float) -> dict[str, Value]:
    named: dict[str, Value] = {"task_name": task, "display_name": shown}
    named |= {"parent_dag_id": 1} if task else {}
    return named | ({"inputs": {"rate": rate}} if task == "train" else {})


ROOT = (DAG, "", "", RUNNING)
LOOP = (DAG, "for-loop-1", "each rate", RUNNING)
SKIPPED = (DAG, "condition-2", "when asked to fail", CANCELED)
TRAIN = (STEP, "train", "train", COMPLETE)
PICK = (STEP, "pick", "Pick the best v1.2 model", ExecutionState.CACHED)
IMPORT = (IMPORTER, "importer", "", COMPLETE)


def state_of_run(store: Store) -> tuple[str, int]:
    answer = ask(store, "runs_of_pipeline", context=1)
    run = dict(zip(answer.columns, answer.rows[0], strict=True))
    return run["state"], run["failed"]


def test_a_run_ended_when_its_steps_did(store: Store) -> None:
    put_run(store, ROOT, LOOP, SKIPPED, IMPORT, TRAIN, TRAIN, PICK)
    assert state_of_run(store) == ("COMPLETE", 0)


def test_a_run_goes_on_while_a_step_does_or_none_has_begun(store: Store, blank: TestClient) -> None:
    run = put_run(store, ROOT, LOOP)
    assert state_of_run(store) == ("RUNNING", 0)
    step = Execution(id=-1, type=STEP, last_known_state=RUNNING)
    store.put(
        Subgraph(
            executions=(step,),
            associations=(Association(execution_id=-1, context_id=run),),
        )
    )
    assert state_of_run(store) == ("RUNNING", 0)


def test_a_step_that_failed_is_counted_without_the_dags_around_it(
    store: Store, blank: TestClient
) -> None:
    run = put_run(
        store, ROOT, (DAG, "exit-handler-1", "all the work", FAILED), (STEP, "breaks", "", FAILED)
    )
    assert state_of_run(store) == ("FAILED", 1)
    overview = blank.get("/overview.json").json()
    (row,) = overview["failures"]["rows"]
    assert (row[2][0]["text"], row[3][0]["text"]) == ("breaks", f"#{run} 11111111")
    assert overview["failed"] == 1
    assert [row[0] for row in ask(store, "failed_executions").rows] == [3]
    ((_, _, _, failed, _, step, *_),) = ask(store, "failed_runs").rows
    assert (failed, step) == (1, "breaks")
    assert ask(store, "running_executions").rows == ()


def test_the_states_of_a_run_are_those_of_its_steps(store: Store, blank: TestClient) -> None:
    run = put_run(store, ROOT, LOOP, SKIPPED, IMPORT, TRAIN, PICK)
    assert blank.get(f"/contexts/{run}.json").json()["states"] == {"COMPLETE": 2, "CACHED": 1}
    page = blank.get(f"/contexts/{run}").text
    (address,) = re.findall(r'href="([^"]*state=COMPLETE[^"]*)"', page)
    listed = blank.get(unescape(address).replace("/executions", "/executions.json")).json()
    assert [node["id"] for node in listed["nodes"]] == [5, 4]


def test_steps_are_called_by_their_tasks(store: Store, blank: TestClient) -> None:
    run = put_run(store, ROOT, LOOP, IMPORT, TRAIN, TRAIN, PICK)
    steps = blank.get(f"/contexts/{run}.json").json()["steps"]["shown"]
    told = {step["step"] for step in steps if not step["is_whole"]}
    assert told == {"importer", "train", "Pick the best v1.2 model"}
    around = [step for step in steps if step["is_whole"]]
    assert [step["step"] for step in around] == ["DAGExecution", "each rate"]
    assert all(step["ended"] for step in around)  # with their steps, although they say RUNNING
    grid = blank.get("/contexts/1.json").json()["grid"]
    assert [step for step, _ in grid["steps"]] == ["importer", "train", "Pick the best v1.2 model"]


def test_a_step_says_in_which_dags_it_is_and_is_compared_with_one_of_its_task(
    store: Store, blank: TestClient
) -> None:
    put_run(store, ROOT, TRAIN, LOOP)
    for task, parent in (("pick", 1), ("train", 3)):
        held: dict[str, Value] = {"task_name": task, "parent_dag_id": parent}
        store.put(Subgraph(executions=(Execution(id=-1, type=STEP, custom_properties=held),)))
    page = blank.get("/executions/5").text
    assert '<th scope="row">within</th><td><a href="/executions/3">each rate</a></td>' in page
    assert "Why is it different from #2, the one before?" in page
    assert ">within<" not in blank.get("/executions/4").text


def test_a_step_says_in_which_turn_of_a_loop_it_ran(store: Store, blank: TestClient) -> None:
    run = put_run(store, ROOT, LOOP)
    for kind, task, told in (
        (DAG, "for-loop-1", {"parent_dag_id": 2, "iteration_index": 1}),
        (STEP, "train", {"parent_dag_id": 3}),
    ):
        held: dict[str, Value] = {"task_name": task, **told}
        step = Execution(id=-1, type=kind, custom_properties=held)
        linked = Association(execution_id=-1, context_id=run)
        store.put(Subgraph(executions=(step,), associations=(linked,)))
    steps = blank.get(f"/contexts/{run}.json").json()["steps"]["shown"]
    assert [step["step"] for step in steps[1:]] == ["each rate", "for-loop-1[1]", "train[1]"]


def test_two_runs_are_compared_step_by_step(store: Store) -> None:
    """Not DAG by DAG, nor by what Kubeflow keeps its books with."""
    first = put_run(store, ROOT, LOOP, IMPORT, TRAIN, PICK)
    second = put_run(store, ROOT, IMPORT, TRAIN, PICK, name="22222222", rate=0.2)
    found = why(store, f"context/{first}", f"context/{second}")
    assert [reason.sentence for reason in found.reasons] == ["train.inputs.rate 0.1 → 0.2."]
    critical = ask(store, "critical_path", context=first)
    assert DAG not in {row[critical.columns.index("type")] for row in critical.rows}
