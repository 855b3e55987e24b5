"""One run, many threads and processes."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import lineage_graph as lg
from lineage_graph.model import Execution, Kind
from lineage_graph.recorder import Run
from lineage_graph.store import Find, Store

WORKER = """
import pickle, sys
import lineage_graph as lg
handle, worker = pickle.load(sys.stdin.buffer)
with handle.join() as run:
    for number in range(3):
        with run.step("Shard", params={"worker": worker, "number": number}) as step:
            step.output("Examples", properties={"worker": worker})
"""


@pytest.fixture
def train_csv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("train.csv").write_text("one")
    return Path("train.csv")


def executions(store: Store) -> list[Execution]:
    found = store.find(Find(kind=Kind.EXECUTION, limit=1000)).nodes
    return [node for node in found if isinstance(node, Execution)]


def check(store: Store, steps: int, contexts: int) -> None:
    counts = store.counts()
    assert (counts.executions, counts.contexts, counts.parent_contexts) == (steps, contexts, 1)
    assert {e.last_known_state.value for e in executions(store)} == {"COMPLETE"}
    assert counts.associations == 3 * steps


def test_eight_threads_in_one_run(store: Store, train_csv: Path) -> None:
    def work(run: Run, worker: int) -> None:
        for number in range(4):
            with run.step("Work", inputs={"data": train_csv}, params={"worker": worker}) as step:
                step.output("Examples", properties={"worker": worker, "number": number})

    with lg.pipeline("penguin", store=store).run("r") as run, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda worker: work(run, worker), range(8)))
    check(store, steps=32, contexts=3)
    counts = store.counts()
    assert (counts.artifacts, counts.events) == (1 + 32, 2 * 32)
    for execution in executions(store):
        made = [a for a in store.neighbours(execution.ref).artifacts if a.type == "Examples"]
        workers = {a.custom_properties["worker"] for a in made}
        assert workers == {execution.custom_properties["worker"]}


def test_threads_in_one_step(store: Store) -> None:
    with (
        lg.pipeline("penguin", store=store).run("r") as run,
        run.step("Split") as step,
        ThreadPoolExecutor(8) as pool,
    ):
        list(pool.map(lambda _: step.output("Examples"), range(16)))
    assert step.ref
    paths = sorted(event.path for event in store.neighbours(step.ref).events)
    assert paths == [("examples", index) for index in range(16)]


def test_three_processes_join_one_run(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:
        workers = [
            subprocess.Popen([sys.executable, "-c", WORKER], stdin=subprocess.PIPE)
            for _ in range(3)
        ]
        for number, worker in enumerate(workers):
            assert worker.stdin is not None
            worker.stdin.write(pickle.dumps((run.handle, number)))
            worker.stdin.close()
        assert [worker.wait(60) for worker in workers] == [0, 0, 0]
    check(store, steps=9, contexts=3)


def _forked(run: Run) -> None:
    with run.step("Child") as step:
        step.output("Examples")
    os._exit(0 if step.ref is not None else 1)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_opens_its_own_connection(store: Store) -> None:
    with lg.pipeline("penguin", store=store).run("r") as run:  # noqa: SIM117
        with run.step("Parent"):
            child = multiprocessing.get_context("fork").Process(target=_forked, args=(run,))
            child.start()
            child.join(60)
            assert child.exitcode == 0
    check(store, steps=2, contexts=4)


def test_a_pipeline_opens_and_closes_its_own_store(store: Store) -> None:
    pipeline = lg.pipeline("penguin", uri=store.settings.uri, settings=store.settings)
    for _ in range(2):
        with pipeline.run("r") as run, run.step("Trainer"):
            assert pipeline.connection._own is not None
        assert pipeline.connection._own is None
    check(store, steps=2, contexts=3)


def test_threads_that_are_the_first_to_use_a_type(store: Store) -> None:
    barrier = threading.Barrier(8)

    def work(run: Run, name: str) -> None:
        barrier.wait(30)
        with run.step(name) as step:
            step.output(f"{name}Output")

    with lg.pipeline("penguin", store=store).run("r") as run, ThreadPoolExecutor(8) as pool:
        for number in range(3):
            list(pool.map(lambda _, name=f"Step{number}": work(run, name), range(8)))  # type: ignore[misc]
    check(store, steps=24, contexts=2 + 3)
    assert store.counts().execution_types == 3
