"""Runs tell the truth: how they ended, who was lost, what was taken up again, what is noted of them."""

from __future__ import annotations

import contextlib
import contextvars
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

import lineage_graph as lg
from lineage_graph.errors import FailedPrecondition, InvalidArgument
from lineage_graph.model import Context, Execution, Kind
from lineage_graph.recorder import Run, Step, environment, runs
from lineage_graph.recorder import record as records
from lineage_graph.recorder.publisher import run_record
from lineage_graph.recorder.run_facts import RunFacts
from lineage_graph.store import Find, Store


def rows(store: Store, name: str, **values: Any) -> list[dict[str, Any]]:
    answer = lg.ask(store, name, **values)
    return [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]


def state_of_runs(store: Store) -> dict[str, str]:
    (pipeline,) = store.find(Find(kind=Kind.CONTEXT, type="pipeline")).nodes
    found = rows(store, "runs-of-pipeline", context=pipeline.id)
    return {row["name"].partition(".")[2]: row["state"] for row in found}


def context_of(store: Store, run: Run) -> Context:
    assert run.ref is not None
    found = store.node(run.ref)
    assert isinstance(found, Context)
    return found


def test_how_runs_end(store: Store) -> None:
    pipeline = lg.pipeline("p", store=store)
    with contextlib.suppress(MemoryError), pipeline.run("between steps") as between:
        with run_step(between, "Load"):
            pass
        raise MemoryError("between two steps")
    with contextlib.suppress(ValueError), pipeline.run("no step"):
        raise ValueError("before any step")
    with contextlib.suppress(KeyboardInterrupt), pipeline.run("ctrl-c") as canceled:
        raise KeyboardInterrupt
    with pipeline.run("fine") as fine:
        during = context_of(store, fine).custom_properties["run_state"]
        with run_step(fine, "Load"):
            pass
    with contextlib.suppress(OSError), pipeline.run("joined"):
        handle = pipeline.run("joined").handle
        with handle.join():
            raise OSError("in a process that joined")
    assert during == "RUNNING"
    assert state_of_runs(store) == {
        "between steps": "FAILED",
        "no step": "FAILED",
        "ctrl-c": "CANCELED",
        "fine": "COMPLETE",
        "joined": "FAILED",
    }
    failed = rows(store, "failed-runs")
    assert {(row["name"], row["failed"], row["error"]) for row in failed} == {
        ("p.between steps", 0, "MemoryError: between two steps"),
        ("p.no step", 0, "ValueError: before any step"),
        ("p.joined", 0, "OSError: in a process that joined"),
    }
    told = context_of(store, canceled).custom_properties
    assert (told["error_type"], told["run_state"]) == ("KeyboardInterrupt", "COMPLETE")
    before = rows(store, "completed-run-before", context=(context_of(store, fine).id or 0))
    assert before == []  # a run that failed between two steps did not complete


def run_step(run: Run, name: str) -> Any:
    return run.step(name)


def test_a_step_that_fails_and_is_caught_fails_its_run(store: Store) -> None:
    with lg.pipeline("p", store=store).run("r") as run:  # noqa: SIM117
        with contextlib.suppress(OSError), run.step("Train"):
            raise OSError("disk")
    (failed,) = rows(store, "failed-runs")
    assert (failed["name"], failed["failed"], failed["error"]) == ("p.r", 1, "OSError: disk")


def test_a_run_is_taken_up_again(store: Store, tmp_path: Path) -> None:
    checkpoint = tmp_path / "epoch3"
    checkpoint.write_bytes(b"3")
    pipeline = lg.pipeline("p", store=store)
    started: list[Step] = []

    def begin(run: Run) -> None:  # and never end, as if its process had died
        started.append(run.step("Train").__enter__())
        started[0].output("Checkpoint", checkpoint, checkpoint=True)
        started[0].output("Model", tmp_path / "never written")

    with contextlib.suppress(OSError), pipeline.run("r") as run:
        contextvars.copy_context().run(begin, run)
        raise OSError("gone")
    step = started[0]
    assert state_of_runs(store) == {"r": "FAILED"}
    with pipeline.run("r", resume=True) as run:
        last = run.latest("Checkpoint")
        assert last is not None
        assert last.uri == str(checkpoint)
        with run.step("Train", inputs={"checkpoint": checkpoint}) as again:
            assert again.inputs["checkpoint"][0].id == last.id
    assert state_of_runs(store) == {"r": "COMPLETE"}
    assert rows(store, "failed-runs") == []
    assert step.ref is not None
    left = store.node(step.ref)
    assert isinstance(left, Execution)
    assert left.state_word == "CANCELED"
    assert left.custom_properties["error_type"] == "Lost"
    with pytest.raises(InvalidArgument, match="Which run"):
        pipeline.run(resume=True)


def test_a_run_whose_process_died_is_lost(store: Store) -> None:
    facts = RunFacts()
    facts.begin(owns=True, resumes=False)
    facts.tell({"heartbeat": int(time.time() * 1000) - 600_000})
    records.write(store, run_record("p", "gone", facts))
    with lg.pipeline("p", store=store).run("alive") as run, run.step("Train"):
        (pipeline,) = store.find(Find(kind=Kind.CONTEXT, type="pipeline")).nodes
        found = rows(store, "runs-of-pipeline", context=pipeline.id)
        lost = {row["name"]: (row["state"], row["lost_since"]) for row in found}
        assert lost["p.alive"] == ("RUNNING", None)
        assert lost["p.gone"] == ("RUNNING", facts.get("heartbeat"))
        (running,) = rows(store, "running-executions")
        assert running["lost_since"] is None


def test_what_is_noted_of_a_run(store: Store) -> None:
    with lg.pipeline("p", store=store).run("r") as run:
        run.param(lr=0.1, layers=3)
        run.log(accuracy=0.8)
        run.log({"accuracy": 0.9, "f1/macro": 0.5})
        run.tag("baseline", team="core")
        run.note("first try")
        run.note("with dropout")
        with pytest.raises(InvalidArgument, match="a parameter of the run"):
            run.log(lr=1)
        with pytest.raises(InvalidArgument, match="several values"):
            run.log(curve=[1, 2])
        with pytest.raises(InvalidArgument, match="itself writes"):
            run.param(run_state="DONE")
    told = context_of(store, run).custom_properties
    assert (told["lr"], told["layers"], told["accuracy"], told["f1/macro"]) == (0.1, 3, 0.9, 0.5)
    assert told["metric_names"] == '["accuracy", "f1/macro"]'
    assert (told["tag baseline"], told["tag team"]) == ("", "core")
    assert told["tagged"] == "baseline, team=core"
    assert told["note"] == "first try\nwith dropout"
    with pytest.raises(FailedPrecondition, match="does not run"):
        run.log(late=1)
    assert repr(run) == f"<Run 'r' of 'p', not running, {run.ref}>"


def test_what_is_noted_is_written_while_the_run_goes_on(store: Store) -> None:
    with lg.pipeline("p", store=store).run("r") as run:
        run.log(loss=0.5)
        deadline = time.monotonic() + 20
        while "loss" not in context_of(store, run).custom_properties:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_records_of_a_run_in_any_order(store: Store) -> None:
    facts = RunFacts()
    told = []
    for _ in range(2):
        facts.begin(owns=True, resumes=False)
        told.append(run_record("p", "r", facts))
    facts.end(None, "", owns=True)
    told.append(run_record("p", "r", facts))
    for record in reversed(told):
        records.load(store, record)
    assert state_of_runs(store) == {"r": "COMPLETE"}


TERMINATED = """
import os, signal, sys, time
import lineage_graph as lg
with lg.pipeline("p").run("r") as run, run.step("Train") as step:
    print("ready", flush=True)
    time.sleep(60)
"""


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_sigterm_cancels(store: Store) -> None:
    run = lg.pipeline("p", store=store).run("r")
    variables = {**os.environ, **settings_of(store)}
    with subprocess.Popen(
        [sys.executable, "-c", TERMINATED], env=variables, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        assert process.wait(60) == 128 + signal.SIGTERM
    assert state_of_runs(store) == {"r": "CANCELED"}
    (step,) = store.find(Find(kind=Kind.EXECUTION)).nodes
    assert step.state_word == "CANCELED"
    assert step.custom_properties["error_type"] == "Terminated"
    assert run.name == "r"


def settings_of(store: Store) -> dict[str, str]:
    """Return the variables with which another process opens the same store."""
    settings = store.settings
    found = {
        "LINEAGE_GRAPH_FOLDER": str(settings.folder),
        "LINEAGE_GRAPH_USERNAME": settings.username,
    }
    if settings.uri is not None:
        found["LINEAGE_GRAPH_URI"] = settings.uri
    if settings.password is not None:
        found["LINEAGE_GRAPH_PASSWORD"] = settings.password.get_secret_value()
    return found


JOINS = """
import sys
import lineage_graph as lg

@lg.step
def square(n):
    return n * n

assert square(int(sys.argv[1])) == int(sys.argv[1]) ** 2
if sys.argv[1] == "3":
    raise RuntimeError("behind the step")
"""


def test_processes_started_in_a_run_join_it(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in settings_of(store).items():
        monkeypatch.setenv(name, value)
    with lg.pipeline("p", store=store).run("r") as run:
        assert run.environment().keys() == {environment.VARIABLE}
        assert "password" not in run.environment()[environment.VARIABLE]
        commands = [[sys.executable, "-c", JOINS, str(number)] for number in (2, 3)]
        started = [
            subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands
        ]
        errors = [process.communicate(timeout=100)[1] for process in started]
    assert environment.VARIABLE not in os.environ
    assert [process.returncode for process in started] == [0, 1], errors
    found = store.find(Find(kind=Kind.EXECUTION)).nodes
    assert sorted((e.type or "", e.custom_properties["n"]) for e in found) == [
        ("square", 2),
        ("square", 3),
    ]
    assert state_of_runs(store) == {"r": "FAILED"}
    (failed,) = rows(store, "failed-runs")
    assert failed["error"] == "RuntimeError: behind the step"


def test_a_process_that_cannot_join_says_so_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv(environment.VARIABLE, '{"process": 0, "pipeline": "p"}')

    @lg.step
    def square(n: int) -> int:
        return n * n

    assert [square(n) for n in (1, 2)] == [1, 4]
    assert caplog.text.count("records nothing") == 1


def test_a_notebook_cell_run_twice(
    store: Store, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    pipeline = lg.pipeline("p", store=store)
    pipeline.run("r").__enter__().note("left open")
    monkeypatch.setattr(runs, "_is_notebook", lambda: True)
    again = pipeline.run("r").__enter__()
    assert "left open" in caplog.text
    again.__exit__(None, None, None)
    assert state_of_runs(store) == {"r": "COMPLETE"}
    assert lg.current_run() is None
