"""Runs that stream: what they write is read while they go on, whichever event comes first."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

import pytest

from lineage_graph.exchange.openlineage.events import event_of
from lineage_graph.model import Kind
from lineage_graph.server.intake import Intake
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import FACET, Graph, batches_of, event, written
from tests.exchange.openlineage.test_reconciliation import (
    SEEDS,
    filed,
    load,
    store_in_parts,
    stored,
)
from tests.exchange.openlineage.test_symlinks import life


def streaming(told: dict[str, Any], kind: str = "STREAMING") -> dict[str, Any]:
    """Return an event whose job streams."""
    facet = {**FACET, "processingType": kind, "integration": "FLINK", "jobType": "JOB"}
    return told | {"job": told["job"] | {"facets": {"jobType": facet}}}


def flow_of(path: Path, events: list[dict[str, Any]]) -> set[tuple[str, str]]:
    return Graph(batches_of(written(path, events))).flow()


def stream(kind: str, run: str, second: float, *, out: str = "t") -> dict[str, Any]:
    return streaming(event(kind, run, second, inputs=["clicks"], outputs=[out]))


def read(run: str, second: float) -> dict[str, Any]:
    return event("COMPLETE", run, second, inputs=["t"], outputs=[f"of {run}"])


RUNNING = [stream("START", "s", 1), stream("RUNNING", "s", 3)]
LIVES: dict[str, tuple[list[dict[str, Any]], dict[str, str]]] = {
    "it never ends": ([*RUNNING, read("r1", 2), read("r2", 40)], {"r1": "s", "r2": "s"}),
    "nothing is read before it began": ([*RUNNING, read("r0", 0.5)], {"r0": ""}),
    "it fails": (
        [*RUNNING, stream("FAIL", "s", 9), read("r1", 4), read("r2", 20)],
        {"r1": "s", "r2": "s"},
    ),
    "it completes": (
        [*RUNNING, stream("COMPLETE", "s", 9), read("r1", 4), read("r2", 20)],
        {"r1": "s", "r2": "s"},
    ),
    "a batch writes while it goes on": (
        [*RUNNING, event("COMPLETE", "b", 5, outputs=["t"]), read("r1", 4), read("r2", 20)],
        {"r1": "s", "r2": "s"},
    ),
    "a batch writes after it ended": (
        [
            *(*RUNNING, stream("ABORT", "s", 9), event("COMPLETE", "b", 12, outputs=["t"])),
            *(read("r1", 10), read("r2", 20)),
        ],
        {"r1": "s", "r2": "b"},
    ),
    "it is started again": (
        [*RUNNING, stream("START", "s2", 9), read("r1", 4), read("r2", 20)],
        {"r1": "s", "r2": "s2"},
    ),
    "its kind is told late": (
        [event("START", "s", 1, outputs=["t"]), read("r1", 2), stream("RUNNING", "s", 5)],
        {"r1": "s"},
    ),
    "a job that does not stream is not read while it runs": (
        [streaming(event("RUNNING", "s", 1, outputs=["t"]), "BATCH"), read("r1", 4)],
        {"r1": ""},
    ),
}


@pytest.mark.parametrize("what", LIVES)
def test_what_a_streaming_run_writes_is_read_while_it_goes_on(
    store: Store, tmp_path: Path, what: str
) -> None:
    events, want = LIVES[what]
    flow = flow_of(tmp_path / "all.ndjson", events)
    found = {
        run: source.partition(" @ ")[2]
        for source, run_name in flow
        for run in want
        if source.partition(" @ ")[0] == "t" and run_name == f"job of {run} {run}"
    }
    assert found == want
    orders = list(itertools.permutations(range(len(events))))
    for number, order in enumerate(orders[:: 1 + len(orders) // 5]):
        name = f"n{number}"
        told = [renamed(events[place], name) for place in order]
        for place, one in enumerate(told):
            if (number + place) % 2:
                load(store, written(tmp_path / f"{name}-{place}.ndjson", [one]))
            else:
                Intake(store).take([event_of(one)]).result()
        assert stored(store, name) == filed(written(tmp_path / f"{name}.ndjson", told)), order


def renamed(told: dict[str, Any], by: str) -> dict[str, Any]:
    """Return an event whose run and datasets are named anew, so that one store takes many tries."""
    named = {
        side: [{**one, "name": f"{by}{one['name']}"} for one in told[side]]
        for side in ("inputs", "outputs")
    }
    job = told["job"] | {"name": f"{by}{told['job']['name']}"}
    return (
        told | named | {"job": job, "run": told["run"] | {"runId": f"{by}{told['run']['runId']}"}}
    )


def test_what_is_read_of_a_streaming_run_is_marked_as_inferred(store: Store) -> None:
    for one in (*RUNNING, read("r", 5)):
        Intake(store).take([event_of(one)]).result()
    (reader,) = (n for n in store.find(Find(kind=Kind.EXECUTION)).nodes if n.name == "job of r r")
    up = store.walk(reader.ref, hops=4).graph
    assert "job of s s" in {node.name for node in up.executions}
    (link,) = (e for e in up.events if e.type.is_input and e.execution_id == reader.id)
    assert link.inferred_at is not None


def streamed(dice: random.Random, events: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return a made life in which some runs stream; not every event of theirs says so."""
    runs = sorted({one["run"]["runId"] for one in events})
    streams = {run for run in runs if dice.random() < 0.5}
    return [
        streaming(one) if one["run"]["runId"] in streams and dice.random() < 0.8 else one
        for one in events
    ]


@pytest.mark.parametrize("seed", range(SEEDS))
def test_any_order_and_grouping_of_streaming_runs_is_what_one_file_tells(
    store: Store, tmp_path: Path, seed: int
) -> None:
    dice = random.Random(2000 + seed)
    name = f"flow{seed}"
    events = streamed(dice, life(dice, name))
    want = filed(written(tmp_path / "all.ndjson", events))
    dice.shuffle(events)
    store_in_parts(store, tmp_path, dice, events, by_file=dice.choice([0.0, 0.5, 1.0]))
    assert stored(store, name) == want
