"""Events that we write say what was read, and tell other tools' lineage in OpenLineage's words."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lineage_graph.exchange import open_source
from lineage_graph.exchange.openlineage import OpenLineageSource
from lineage_graph.exchange.openlineage.events import event_of
from lineage_graph.exchange.openlineage.writing import write
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import (
    Artifact,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Subgraph,
)
from tests.conftest import DATA
from tests.exchange.held import held
from tests.exchange.openlineage.made import Graph, batches_of, dataset, event, written
from tests.exchange.openlineage.test_source import DATASETS

ABOUT = About("the-store")


def told(graph: Subgraph) -> list[dict[str, Any]]:
    stream = io.BytesIO()
    write([graph], stream, ABOUT)
    events = [json.loads(line) for line in stream.getvalue().splitlines()]
    assert [event_of(one).event_time for one in events] == sorted(
        event_of(one).event_time for one in events
    )
    return events


def again(path: Path) -> tuple[Graph, Graph]:
    """Return what a file holds, and what it holds once it was read and written."""
    with OpenLineageSource(path) as source:
        graph = held(source.batches(), keyed=True)
    copy = written(path.with_name("again.ndjson"), told(graph))
    return Graph(batches_of(path)), Graph(batches_of(copy))


@st.composite
def lives(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Events of runs whose events agree: each begins, may go on, and may end once."""
    events = []
    facet = st.fixed_dictionaries(
        {}, optional={"own": st.just({"x": 1}), "of x": st.just({"y": 2})}
    )
    for run in draw(st.lists(st.sampled_from("abcd"), min_size=1, unique=True)):
        times = sorted(draw(st.sets(st.integers(1, 40), min_size=1, max_size=4)))
        kinds = [
            "START",
            *draw(st.lists(st.sampled_from(["RUNNING", "OTHER"]), min_size=3, max_size=3)),
        ]
        kinds = kinds[: len(times)]
        if draw(st.booleans()):
            kinds[-1] = draw(st.sampled_from(["COMPLETE", "FAIL", "ABORT"]))
        written_ones = st.lists(st.sampled_from(["x", "y", ("z", run)]), max_size=2, unique=True)
        parent = draw(st.one_of(st.none(), st.just(("p", "q"))))
        for time, kind in zip(times, kinds, strict=True):
            given: dict[str, Any] = {"inputs": draw(DATASETS), "outputs": draw(written_ones)}
            events.append(event(kind, run, time / 4, parent=parent, facets=draw(facet), **given))
    return events


@settings(max_examples=25)
@given(lives())
def test_any_events_are_the_same_graph_again(tmp_path: Path, events: list[dict[str, Any]]) -> None:
    before, after = again(written(tmp_path / "events.ndjson", events))
    assert after.links == before.links
    for graph in (before, after):  # a version is told again wherever it is read
        for node in graph.nodes.values():
            node.custom_properties.get("told", {}).pop("version", None)
    assert after.nodes == before.nodes


def test_real_files_are_the_same_graph_again(tmp_path: Path) -> None:
    path = tmp_path / "dbt.ndjson"
    path.write_bytes((DATA / "dbt_ol_events.ndjson").read_bytes())
    before, after = again(path)
    assert (after.links, after.nodes) == (before.links, before.nodes)


def test_jobs_datasets_and_facets_of_all_places_are_the_same_again(tmp_path: Path) -> None:
    whole = dataset("t")
    read = {**whole, "inputFacets": {"inputStatistics": {"rowCount": 4}}}
    wrote = {**dataset("u"), "outputFacets": {"outputStatistics": {"rowCount": 5}}}
    job = {
        k: v
        for k, v in event(None, "x", 3, inputs=["a"], outputs=["b"], job="j").items()
        if k != "run"
    }
    job["job"]["facets"] = {"sql": {"query": "select 1"}, "job": {"reserved": True}}
    alone = {k: job[k] for k in ("eventTime", "producer", "schemaURL")} | {
        "dataset": dataset(("alone", "7"))
    }
    events = [
        event("START", "r", 1, inputs=[read], facets={"nominalTime": {"nominalStartTime": "2026"}}),
        event(
            "FAIL",
            "r",
            2,
            outputs=[wrote],
            facets={"errorMessage": {"message": "no", "programmingLanguage": "SQL"}},
        ),
        job,
        alone,
    ]
    before, after = again(written(tmp_path / "events.ndjson", events))
    assert (after.links, after.nodes) == (before.links, before.nodes)


def test_other_tools_runs_read_and_write_versions_of_datasets(tmp_path: Path) -> None:
    with open_source(DATA / "tfx_mlmd.sqlite") as source:
        graph = collected(source.batches())
    events = told(graph)
    assert [e["eventType"] for e in events].count("START") == len(graph.executions) == 51
    assert {e["eventType"] for e in events} == {"START", "COMPLETE", "FAIL"}
    after = Graph(batches_of(written(tmp_path / "tfx.ndjson", events)))
    facts = {o: n.custom_properties for (_, o), n in after.nodes.items()}

    def own(origin: str) -> Any:
        known = (
            facts[origin].get("lineageGraph_artifact") or facts[origin]["lineageGraph_execution"]
        )
        return known["ref"]

    flow = {(own(a), own(b)) for kind, a, b in after.links if kind.endswith("PUT")}
    assert flow == {
        (f"artifact/{e.artifact_id}", f"execution/{e.execution_id}")
        if e.type.is_input
        else (f"execution/{e.execution_id}", f"artifact/{e.artifact_id}")
        for e in graph.events
    }
    runs = {
        n.custom_properties["run_id"]
        for (k, _), n in after.nodes.items()
        if k is Kind.CONTEXT and n.type == "run"
    }
    assert len(runs) == 5  # pipeline runs, of which the steps' runs are part
    jobs = {e["job"]["name"] for e in events}
    assert "penguin_local_keras.Trainer" in jobs


@pytest.mark.parametrize(
    ("uri", "namespace", "name"),
    [
        ("s3://bucket/a/b", "s3://bucket", "a/b"),
        ("file:///a/b", "file", "/a/b"),
        ("/a/b", "file", "/a/b"),
        ("postgres://host:5432/db.table", "postgres://host:5432", "db.table"),
        ("s3://bucket", "lineage-graph", "s3://bucket"),
        ("", "lineage-graph", "Model/wine"),
    ],
)
def test_datasets_are_called_by_where_they_are(uri: str, namespace: str, name: str) -> None:
    (only,) = told(Subgraph(artifacts=(Artifact(id=3, type="Model", name="wine", uri=uri),)))
    assert (only["dataset"]["namespace"], only["dataset"]["name"]) == (namespace, name)
    assert only["dataset"]["facets"]["version"]["datasetVersion"] == "3"


def test_a_failure_says_why_and_what_is_not_held_is_counted() -> None:
    failed = Execution(
        id=1,
        type="Train",
        last_known_state=ExecutionState.FAILED,
        custom_properties={"error_message": "no space", "nan": float("nan")},
    )
    twins = tuple(Artifact(id=i, uri="s3://b/same") for i in (1, 2))
    links = tuple(
        Event(artifact_id=i, execution_id=1, type=EventType.OUTPUT, path=("a", i)) for i in (1, 2)
    )
    stream = io.BytesIO()
    lost = write([Subgraph(executions=(failed,), artifacts=twins, events=links)], stream, ABOUT)
    start, end = (json.loads(line) for line in stream.getvalue().splitlines())
    assert (start["eventType"], end["eventType"]) == ("START", "FAIL")
    assert start["eventTime"] < end["eventTime"]
    assert end["run"]["facets"]["errorMessage"]["message"] == "no space"
    assert [o["name"] for o in end["outputs"]] == ["same", "same#2"]  # both are kept
    unknown = "times that are not known, told as 1970-01-01: an event must have one"
    assert lost == {"paths of events": 2, unknown: 1}
