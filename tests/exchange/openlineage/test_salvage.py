"""What the specification does not require may be missing or wrong: job, run and datasets go in, and the rest is told."""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from lineage_graph.exchange.openlineage import OpenLineageSource
from lineage_graph.exchange.openlineage.events import InvalidEvent, RunEvent, event_of
from lineage_graph.exchange.openlineage.facet_properties import FACET_PROPERTIES
from lineage_graph.exchange.openlineage.facets import AnyFacets
from lineage_graph.model import Kind
from lineage_graph.server.app import create_app
from lineage_graph.store import Find, Store
from tests.exchange.openlineage.made import FACET, Graph, dataset, event, written

PLACES = (
    ("run", "facets"),
    ("job", "facets"),
    ("inputs", 0, "facets"),
    ("inputs", 0, "inputFacets"),
    ("outputs", 0, "facets"),
    ("outputs", 0, "outputFacets"),
)
WRONG = {
    "name": 1,
    "query": 2,
    "rowCount": "10",
    "size": "x",
    "version": 3,
    "type": 4,
    "url": 5,
    "owners": "t",
    "fields": "q",
    "identifiers": 4,
    "datasetVersion": 9,
    "assertions": 3,
    "parameters": "p",
    "tags": 7,
    "job": "j",
    "run": "r",
    "root": 5,
    "message": 4,
    "storageLayer": 5,
    "columnMetrics": {"c": {"sum": "x", "nullCount": 0.5}},
    "bytes": True,
}
LISTS: dict[str, Any] = {
    "owners": [3, {"name": None}, {"name": "me"}],
    "fields": [{"type": "INT"}, {"name": "a"}],
    "tags": ["t", {"key": "k"}],
    "identifiers": [{}],
    "assertions": [{"assertion": "a", "success": "yes"}],
    "parameters": [{"key": []}],
}
CONTENTS = {"empty": {}, "wrong": WRONG, "wrong lists": LISTS, "no object": "text", "list": [1]}
NAMES = sorted(set(FACET_PROPERTIES) | set(AnyFacets.__annotations__))


def put(made: dict[str, Any], place: tuple[Any, ...], name: str, facet: Any) -> dict[str, Any]:
    """Return an event with a facet at a place."""
    made = copy.deepcopy(made)
    at: Any = made
    for step in place:
        at = at[step] if isinstance(at, list) else at.setdefault(step, {})
    at[name] = {**FACET, **facet} if isinstance(facet, dict) else facet
    return made


def whole() -> dict[str, Any]:
    return event("COMPLETE", "r", 1, inputs=["i"], outputs=["o"])


def read(path: Path, *events: Any) -> tuple[Graph, list[str]]:
    """Return what a file of events tells, and its problems without the path."""
    with OpenLineageSource(written(path, events)) as source:
        graph = Graph(source.batches())
    return graph, [str(problem).removeprefix(f"{path}:") for problem in source.problems]


@pytest.mark.parametrize("content", CONTENTS)
def test_any_facet_in_any_place_costs_no_more_than_itself(tmp_path: Path, content: str) -> None:
    for name in NAMES:
        for place in PLACES:
            made = put(whole(), place, name, CONTENTS[content])
            graph, problems = read(tmp_path / "one.ndjson", made)
            flow = {(a.partition(" @")[0], b.partition(" @")[0]) for a, b in graph.flow()}
            assert flow == {("i", "job of r r"), ("job of r r", "o")}, (name, place)
            for problem in problems:
                assert problem.startswith(f"1: {'.'.join(map(str, place))}.{name}"), problem
            if content in ("no object", "list"):
                assert problems == [
                    f"1: {'.'.join(map(str, place))}.{name}: the facet {name!r} is no object; it is left out"
                ]


WRONG_PARTS: dict[str, tuple[tuple[Any, ...], str, Any, Any, list[str]]] = {
    # place, facet, its content, what of it goes in, what is told
    "a column without a name": (
        ("outputs", 0, "facets"),
        "schema",
        {"fields": [{"type": "INT"}, {"name": "a", "type": "TEXT"}, {"name": "b", "type": 5.5}]},
        {"fields": [{"name": "a", "type": "TEXT"}, {"name": "b", "type": "5.5"}]},
        [
            "outputs.0.facets.schema.fields.0.name: field required; outputs.0.facets.schema.fields.0 is left out",
            "outputs.0.facets.schema.fields.2.type: input should be a valid string; it is taken as a text",
        ],
    ),
    "figures as texts": (
        ("outputs", 0, "outputFacets"),
        "outputStatistics",
        {"rowCount": "1042", "size": "88 kB", "fileCount": 2},
        {"rowCount": 1042, "fileCount": 2},
        [
            "outputs.0.outputFacets.outputStatistics.rowCount: input should be a valid integer; it is taken as a number",
            "outputs.0.outputFacets.outputStatistics.size: input should be a valid integer; it is left out",
        ],
    ),
    "a query that is a number": (
        ("job", "facets"),
        "sql",
        {"query": 7},
        {"query": "7"},
        ["job.facets.sql.query: input should be a valid string; it is taken as a text"],
    ),
    "no query": (
        ("run", "facets"),
        "sql",
        {"text": "select 1"},
        None,
        ["run.facets.sql.query: field required; run.facets.sql is left out"],
    ),
    "a parent whose root is wrong": (
        ("run", "facets"),
        "parent",
        {
            "run": {"runId": "p"},
            "job": {"namespace": "n", "name": "j"},
            "root": {"run": {"runId": []}, "job": {"namespace": "n", "name": "k"}},
        },
        {"run": {"runId": "p"}, "job": {"namespace": "n", "name": "j"}},
        [
            "run.facets.parent.root.run.runId: input should be a valid string; run.facets.parent.root is left out"
        ],
    ),
}


@pytest.mark.parametrize("what", WRONG_PARTS)
def test_as_little_as_can_be_is_left_out(what: str) -> None:
    place, name, content, want, told = WRONG_PARTS[what]
    made = put(whole(), place, name, content)
    given = copy.deepcopy(made)
    heard: list[str] = []
    found: Any = event_of(made, heard.append)
    assert made == given
    for step in place:
        step = {"outputFacets": "output_facets"}.get(step, step)
        found = found[step] if isinstance(step, int) else getattr(found, step)
    assert found.get(name) == (None if want is None else {**FACET, **want})
    assert heard == told


def test_what_the_specification_requires_of_others_than_us_may_be_missing(tmp_path: Path) -> None:
    made = whole()
    del made["schemaURL"], made["producer"], made["run"]["facets"]
    graph, problems = read(tmp_path / "bare.ndjson", made)
    assert graph.flow() == {("i", "job of r r"), ("job of r r", "o @ r")}
    assert problems == []
    made["schemaURL"], made["producer"], made["run"]["facets"] = 5, {}, [1]
    graph, problems = read(tmp_path / "odd.ndjson", made)
    assert len(graph.flow()) == 2
    assert [problem.split(":")[1].strip() for problem in problems] == [
        "producer",
        "schemaURL",
        "run.facets",
    ]


def test_datasets_without_names_and_odd_kinds_cost_no_event(tmp_path: Path) -> None:
    made = whole()
    made["inputs"] = [{"namespace": "n"}, {"name": []}, 5, {"namespace": "n", "name": 7}, None]
    made["eventType"] = "DONE"
    graph, problems = read(tmp_path / "odd.ndjson", made)
    assert graph.flow() == {("7", "job of r r"), ("job of r r", "o @ r")}
    told = dict(problem.removeprefix("1: ").split(": ", 1) for problem in problems)
    assert told["inputs.0.name"] == "field required; inputs.0 is left out"
    assert told["inputs.1.name"] == "input should be a valid string; inputs.1 is left out"
    assert told["inputs.3.name"] == "input should be a valid string; it is taken as a text"
    assert told["eventType"].endswith("; it is left out")
    assert {"inputs.2", "inputs.4"} <= set(told)
    made["inputs"], made["outputs"] = "none", None
    graph, problems = read(tmp_path / "none.ndjson", made)
    assert len([n for n in graph.nodes.values() if n.kind is Kind.EXECUTION]) == 1
    assert len(problems) == 2


def test_job_and_run_are_needed() -> None:
    for place, words in (
        (("run", "runId"), "run.runId: "),
        (("job", "name"), "job.name: "),
        (("job",), "job"),
        (("eventTime",), "eventTime: "),
    ):
        made = put(whole(), ("job", "facets"), "sql", {})  # which alone would cost nothing
        at = made
        for step in place[:-1]:
            at = at[step]
        for wrong in (None, [], {}, True):
            at[place[-1]] = wrong
            with pytest.raises(InvalidEvent, match=f"^{words}"):
                event_of(made)
        del at[place[-1]]
        with pytest.raises(InvalidEvent, match=f"^{words}.*field required"):
            event_of(made)
    assert isinstance(event_of(put(whole(), (), "job", {"namespace": 1, "name": 2})), RunEvent)


def test_much_that_is_wrong_is_told_in_short() -> None:
    fields = [{"type": n} for n in range(50_000)]
    made = put(whole(), ("outputs", 0, "facets"), "schema", {"fields": fields})
    made["inputs"] = [{"name": "x"}] * 3000
    heard: list[str] = []
    begin = time.process_time()
    event_of(made, heard.append)
    assert time.process_time() - begin < 10
    assert len(heard) == 3001


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2026-05-03T09:00:00+0200", "2026-05-03T07:00:00Z"),
        ("2026-05-03T09:00:00.123456789-0130", "2026-05-03T10:30:00.123456Z"),
        ("2026-05-03T09:00:00Z[UTC]", "2026-05-03T09:00:00Z"),
        ("2026-05-03T09:00:00+02:00[Europe/Paris]", "2026-05-03T07:00:00Z"),
        ("2026-05-03 09:00:00", "2026-05-03T09:00:00Z"),
        ("2026-05-03", "2026-05-03T00:00:00Z"),
    ],
)
def test_times_as_clients_write_them(text: str, same: str) -> None:
    one, other = ({**whole(), "eventTime": time} for time in (text, same))
    assert event_of(one).event_time == event_of(other).event_time


def test_over_http_and_from_a_file_the_rest_is_stored(store: Store, tmp_path: Path) -> None:
    """The files of a standard facet in another place, and the good event beside each."""
    odd = {
        ("run", "facets"): ("sql", {"dialect": "trino", "text": "select 1"}),
        ("outputs", 0, "facets"): ("outputStatistics", {"rowCount": "1042", "size": "88123"}),
        ("job", "facets"): ("dataQualityMetrics", {"size": "x", "rowCount": 5}),
        ("inputs", 0, "inputFacets"): ("documentation", {"text": "nightly"}),
    }
    with TestClient(create_app(store), base_url="http://localhost") as client:
        for number, (place, (name, facet)) in enumerate(odd.items()):
            made = event("COMPLETE", f"r{number}", 1, inputs=[f"i{number}"], outputs=[f"o{number}"])
            made = put(made, place, name, facet)
            answer = client.post("/api/v1/lineage", json=made)
            assert answer.status_code == 201
            told = answer.json()["left_out"] if answer.content else []
            assert all(one.startswith(".".join(map(str, place))) for one in told)
            assert bool(told) == (name != "dataQualityMetrics")
            good = event("COMPLETE", f"s{number}", 1, outputs=[f"p{number}"])
            both = client.post("/api/v1/lineage/batch", json=[good, made, {}]).json()
            assert (both["summary"]["successful"], both["summary"]["failed"]) == (2, 1)
            assert {one["index"] for one in both.get("left_out", ())} == ({1} if told else set())
            again = json.loads(json.dumps([good, made]).replace(f'{number}"', f'f{number}"'))
            with OpenLineageSource(written(tmp_path / "odd.ndjson", again)) as source:
                store.load_keyed(source.batches(), source.source)
                assert bool(source.problems) == bool(told)
    names = {
        (n.name or "").partition(" (")[0]
        for n in store.find(Find(kind=Kind.ARTIFACT, limit=1000)).nodes
    }
    for number in range(len(odd)):
        for one in (str(number), f"f{number}"):
            assert {f"i{one}", f"o{one} @ r{one}", f"p{one} @ s{one}"} <= names


def test_a_dataset_event_goes_in_as_well() -> None:
    made = whole()
    told = {k: made[k] for k in ("eventTime", "producer")} | {"dataset": dataset("t")}
    heard: list[str] = []
    event_of(put(told, ("dataset", "facets"), "schema", {"fields": 4}), heard.append)
    assert heard == ["dataset.facets.schema.fields: input should be a valid list; it is left out"]
