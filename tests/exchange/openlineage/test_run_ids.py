"""One run id that two jobs use: two runs, each of its own job, whichever is told of first; and it is told."""

from __future__ import annotations

import itertools
import json
import logging
import uuid
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange.openlineage import OpenLineageSource
from lineage_graph.model import Execution, Kind
from lineage_graph.server.app import create_app
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import Graph, event, written

Events = list[dict[str, Any]]
EVENTS = [
    event("START", "r", 1, inputs=["raw"], job="etl"),
    event("COMPLETE", "r", 2, outputs=["menus"], job="etl"),
    event("START", "r", 3, inputs=["clicks"], job="report"),
    event("FAIL", "r", 4, outputs=["table"], job="report"),
]
FLOW = {("raw", "etl"), ("etl", "menus"), ("clicks", "report"), ("report", "table")}
STATES = {"etl": "COMPLETE", "report": "FAILED"}


def seen(graph: Graph) -> tuple[set[tuple[str, str]], dict[str, str], set[tuple[str, str]]]:
    """Return what leads where, how each run ended, and which contexts it is in, by names without ids."""
    flow = {(a.split(" ")[0], b.split(" ")[0]) for a, b in graph.flow()}
    runs = {
        node.name.split(" ")[0]: node
        for node in graph.nodes.values()
        if isinstance(node, Execution)
    }  # type: ignore[union-attr]
    assert all(node.custom_properties["job"] == job for job, node in runs.items())
    names = {origin: node.name or "" for (_, origin), node in graph.nodes.items()}
    within = {
        (names[a].split(" ")[0], names[b].split(" ")[0])
        for kind, a, b in graph.links
        if kind == "in"
    }
    states = {job: node.last_known_state.value for job, node in runs.items()}
    return flow, states, {pair for pair in within if pair[0] in runs}


def read(path: Path, *events: Any) -> tuple[Graph, list[str]]:
    with OpenLineageSource(written(path, events)) as source:
        graph = Graph(source.batches())
    return graph, [problem.reason for problem in source.problems]


def test_two_jobs_of_one_id_are_two_runs_in_any_order(tmp_path: Path) -> None:
    for order in itertools.permutations(EVENTS):
        graph, problems = read(tmp_path / "events.ndjson", *order)
        assert seen(graph) == (FLOW, STATES, {("etl", "etl"), ("report", "report")})
        (problem,) = problems
        assert problem.startswith("run.runId: r is also the id of a run of another job; that of ")
        second = graph.node(Kind.EXECUTION, order[-1]["job"]["name"])
        first = order[0]["job"]["name"]
        for node in graph.nodes.values():
            if isinstance(node, Execution):
                mine = node.custom_properties
                own = "r" if node.name.startswith(first) else str(uuid.UUID(str(mine["run_id"])))  # type: ignore[union-attr]
                assert mine["run_id"] == own
                assert mine.get("told_run_id") == (None if own == "r" else "r")
        assert second.custom_properties["namespace"] == "lab"


def test_a_run_that_is_told_again_is_one(tmp_path: Path) -> None:
    events = [event(kind, "r", n, job="etl") for n, kind in enumerate(("START", "RUNNING", "FAIL"))]
    graph, problems = read(tmp_path / "events.ndjson", *events, *events)
    assert len([n for n in graph.nodes.values() if isinstance(n, Execution)]) == 1
    assert problems == []


def test_jobs_of_one_name_in_two_namespaces_are_two(tmp_path: Path) -> None:
    other = event("COMPLETE", "r", 2, outputs=["b"], job="etl")
    other["job"]["namespace"] = "elsewhere"
    graph, problems = read(
        tmp_path / "two.ndjson", event("COMPLETE", "r", 1, outputs=["a"], job="etl"), other
    )
    names = [n.name for n in graph.nodes.values() if isinstance(n, Execution)]
    assert len(set(names)) == 2
    assert len(problems) == 1


def test_runs_under_either_are_under_it(tmp_path: Path) -> None:
    events = [
        event("START", "r", 1, job="etl"),
        event("START", "r", 2, job="report"),
        event("START", "c1", 3, job="load", parent=("etl", "r")),
        event("START", "c2", 4, job="draw", parent=("report", "r")),
        event("START", "c3", 5, job="odd", parent=("no job of this id", "r")),
    ]
    for order in itertools.permutations(events):
        if order.index(events[0]) < order.index(events[1]):
            graph, _ = read(tmp_path / "events.ndjson", *order)
            report = graph.node(Kind.EXECUTION, "report")
            within = {
                a.split("|")[1]: b
                for kind, a, b in graph.links
                if kind == "in" and "|c" in a and "run|" in b
            }
            assert within["c1"] == within["c3"] == "openlineage:run|r"
            assert within["c2"] == f"openlineage:run|{report.custom_properties['run_id']}"


def test_over_http_and_in_many_files_the_lineage_is_not_mixed(
    store: Store, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    orders = [(0, 1, 2, 3), (2, 0, 3, 1), (3, 2, 1, 0)]
    caplog.set_level(logging.WARNING)
    with TestClient(create_app(store), base_url="http://localhost") as client:
        for number, order in enumerate(orders):
            text = json.dumps([EVENTS[place] for place in order])
            for name in ("r", "etl", "report", "raw", "menus", "clicks", "table"):
                text = text.replace(f'"{name}"', f'"{name}{number}"')
            problems = 0
            for turn, one in enumerate(json.loads(text)):
                if turn % 2:
                    with OpenLineageSource(written(tmp_path / "one.ndjson", [one])) as source:
                        source.known = store.lookup
                        store.load_keyed(source.batches(), source.source, in_turn=True)
                        problems += len(source.problems)
                else:
                    assert client.post("/api/v1/lineage", json=one).status_code == 201
            assert problems + len(caplog.records) == 2
            caplog.clear()
    executions = store.find(Find(kind=Kind.EXECUTION, limit=1000)).nodes
    assert len(executions) == 2 * len(orders)
    for node in executions:
        job = str(node.custom_properties["job"])
        number = job[-1]
        got = {
            (n.name or "").split(" ")[0].removesuffix(number)
            for n in store.walk(node.ref, hops=1).graph.artifacts
        }
        wanted = {"raw", "menus"} if job.startswith("etl") else {"clicks", "table"}
        assert (got, node.last_known_state.value) == (wanted, STATES[job[:-1]])  # type: ignore[union-attr]
