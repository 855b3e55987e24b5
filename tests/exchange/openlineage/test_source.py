"""Files of OpenLineage events become graphs: states, versions, parents, facets, damage, growth."""

from __future__ import annotations

import gzip
import json
import random
from pathlib import Path

import networkx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lineage_graph.errors import BadFile, LineageError
from lineage_graph.exchange import open_source
from lineage_graph.exchange.openlineage import OpenLineageSource, read_documents
from lineage_graph.exchange.openlineage.read_documents import LONGEST
from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState, Kind
from tests.conftest import DATA
from tests.exchange.openlineage.made import FACET, Graph, batches_of, dataset, event, written

DBT = DATA / "dbt_ol_events.ndjson"
STATES = {
    "START": ExecutionState.RUNNING,
    "COMPLETE": ExecutionState.COMPLETE,
    "FAIL": ExecutionState.FAILED,
}


def graph_of(path: Path, *events: object) -> Graph:
    return Graph(batches_of(written(path / "events.ndjson", events)))


def test_everything_a_real_file_tells_comes_across() -> None:
    told = [json.loads(line) for line in DBT.read_text().splitlines()]
    graph = Graph(batches_of(DBT))
    runs = {e["run"]["runId"] for e in told}
    executions = [n for n in graph.nodes.values() if isinstance(n, Execution)]
    assert {e.custom_properties["run_id"] for e in executions} == runs
    for run in runs:
        mine = sorted((e for e in told if e["run"]["runId"] == run), key=lambda e: e["eventTime"])
        (execution,) = (e for e in executions if e.custom_properties["run_id"] == run)
        assert execution.last_known_state is STATES[mine[-1]["eventType"]]
        for e in mine:
            facets = {**e["run"]["facets"], **e["job"]["facets"]}
            assert facets.keys() <= execution.custom_properties.keys()
        for name, facet in mine[-1]["run"]["facets"].items():
            assert execution.custom_properties[name] == facet
        read = {f"{i['name']} @" for e in mine for i in e["inputs"]}
        wrote = {f"{o['name']} @ {run}" for e in mine for o in e["outputs"]}
        name = f"{mine[0]['job']['name']} {run}"
        flow = graph.flow()
        assert {a.partition("@")[0] + "@" for a, b in flow if b == name} == read
        assert {b for a, b in flow if a == name} == wrote


def test_a_run_reads_what_was_written_before_whatever_stands_first_in_the_file() -> None:
    """In dbt's file the start of a model stands before the end of what it reads."""
    flow = Graph(batches_of(DBT)).flow()
    (stg,) = {a for a, _ in flow if a.startswith("jaffle.main.jaffle.stg_wine 01")}
    version = f"jaffle.main.stg_wine @ {stg.split()[-1]}"
    readers = {b.split()[0] for a, b in flow if a == version}
    assert readers == {"jaffle.main.jaffle.test_features", "jaffle.main.jaffle.train_features"}


def test_runs_belong_to_their_parents_and_a_run_without_one_is_a_run_of_its_job() -> None:
    graph = Graph(batches_of(DBT))
    run = graph.node(Kind.EXECUTION, "jaffle.main.jaffle.class_summary")
    above = {b for kind, a, b in graph.links if kind == "in" and a == run.origin}
    names = {graph.nodes[Kind.CONTEXT, origin].name for origin in above}
    assert names == {
        "jaffle.main.jaffle.class_summary (lab)",
        "dbt-run-jaffle 01a20813-a950-78b0-b7b4-2d2ddc1bfed6",
    }
    assert len([link for link in graph.links if link[0] == "child"]) == 3


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 2, 1, 0), (2, 0, 3, 1), (1, 1, 3, 0, 2, 0)])
def test_a_run_is_what_its_events_say_in_any_order(tmp_path: Path, order: tuple[int, ...]) -> None:
    events = [
        event("START", "r", 1, outputs=["a"], facets={"own": {"x": 1}}),
        event("RUNNING", "r", 2, facets={"own": {"x": 2}}),
        event(
            "FAIL", "r", 3, facets={"errorMessage": {"message": "no", "programmingLanguage": "C"}}
        ),
        event(None, "r", 4, facets={"later": {"x": 4}}),
    ]
    graph = graph_of(tmp_path, *(events[i] for i in order))
    run = graph.node(Kind.EXECUTION, "job of r")
    assert isinstance(run, Execution)
    assert run.last_known_state is ExecutionState.FAILED
    assert run.custom_properties["own"] == {**FACET, "x": 2}
    assert run.custom_properties["error_message"] == "no"
    assert run.custom_properties["later"] == {**FACET, "x": 4}
    assert run.custom_properties["ended_at"] == "2026-11-23T11:00:03.000000Z"


def test_a_table_written_daily_from_itself_is_a_chain(tmp_path: Path) -> None:
    events = [
        event("COMPLETE", f"day{day}", day, inputs=["table"], outputs=["table"], job="add")
        for day in (3, 1, 2)
    ]
    assert graph_of(tmp_path, *events).flow() == {
        ("table", "add day1"),
        ("add day1", "table @ day1"),
        ("table @ day1", "add day2"),
        ("add day2", "table @ day2"),
        ("table @ day2", "add day3"),
        ("add day3", "table @ day3"),
    }


def test_what_failed_or_is_not_done_is_read_by_nobody(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        event("COMPLETE", "good", 1, outputs=["t"]),
        event("FAIL", "bad", 2, outputs=["t"]),
        event("START", "open", 3, outputs=["t"]),
        event("COMPLETE", "reader", 4, inputs=["t"]),
    )
    assert ("t @ good", "job of reader reader") in graph.flow()
    states = {
        n.custom_properties["dataset"] + (n.name or "")[3:9]: n.state
        for n in graph.nodes.values()
        if isinstance(n, Artifact)
    }
    assert set(states.values()) == {
        ArtifactState.LIVE,
        ArtifactState.ABANDONED,
        ArtifactState.PENDING,
    }


def test_versions_that_are_told_are_the_versions(tmp_path: Path) -> None:
    graph = graph_of(
        tmp_path,
        event("START", "w", 1, outputs=["t"]),
        event("COMPLETE", "w", 2, outputs=[("t", "v7")]),
        event("COMPLETE", "early", 1, inputs=[("t", "v7")]),
        event("COMPLETE", "late", 3, inputs=["t"]),
        event("COMPLETE", "same", 4, inputs=[("t", "v7")], outputs=[("t", "v7")]),
    )
    assert graph.flow() == {
        ("job of w w", "t @ v7"),
        ("t @ v7", "job of early early"),
        ("t @ v7", "job of late late"),
        ("t @ v7", "job of same same"),
        ("job of same same", "t @ same"),
    }


def test_jobs_and_datasets_without_runs(tmp_path: Path) -> None:
    static = event(None, "-", 1, inputs=["a"], outputs=["a"], job="nightly")
    del static["run"]
    static["job"]["facets"] = {"sql": {**FACET, "query": "select 1"}}
    told = {k: static[k] for k in ("eventTime", "producer", "schemaURL")}
    told["dataset"] = dataset("b") | {"facets": {"documentation": {**FACET, "description": "B"}}}
    graph = graph_of(tmp_path, static, told)
    assert graph.flow() == {("a", "nightly"), ("nightly", "a @ nightly")}
    assert graph.node(Kind.EXECUTION, "nightly").custom_properties["query"] == "select 1"
    assert graph.node(Kind.ARTIFACT, "b").custom_properties["description"] == "B"


def test_facets_are_kept_whole_and_what_is_readable_is_plain(tmp_path: Path) -> None:
    git = {"type": "git", "url": "https://example.org/a.git", "version": "abc"}
    output = dataset("t")
    fields = {"x": {"inputFields": [{"namespace": "n", "name": "s", "field": "y"}]}}
    output["facets"]["columnLineage"] = {**FACET, "fields": fields}
    output["facets"]["mine"] = {"deep": [1, {"a": None}]}
    output["outputFacets"] = {"outputStatistics": {**FACET, "rowCount": 5, "size": 2**70}}
    read = dataset("s") | {"inputFacets": {"inputStatistics": {**FACET, "rowCount": 4}}}
    made = event("COMPLETE", "r", 1, inputs=[read], outputs=[output])
    made["job"]["facets"] = {"sourceCodeLocation": {**FACET, **git}, "sql": {"_deleted": True}}
    graph = graph_of(tmp_path, made)
    run = graph.node(Kind.EXECUTION, "job of r").custom_properties
    assert run["git_commit"] == "abc"
    assert run["sql"] == {"_deleted": True}
    assert run["inputStatistics of s"] == {**FACET, "rowCount": 4}
    table = graph.node(Kind.ARTIFACT, "t").custom_properties
    assert table["columnLineage"] == {**FACET, "fields": fields}
    assert table["mine"] == {"deep": [1, {"a": None}]}
    assert table["rows"] == 5
    assert "bytes" not in table  # more than 64 bits
    assert table["outputStatistics"] == {**FACET, "rowCount": 5, "size": 2**70}


RUNS = st.sampled_from("abcd")
DATASETS = st.lists(
    st.one_of(st.sampled_from("xyz"), st.tuples(st.sampled_from("xy"), st.sampled_from("12"))),
    max_size=2,
    unique=True,
)
EVENTS = st.lists(
    st.builds(
        event,
        st.sampled_from(["START", "RUNNING", "COMPLETE", "FAIL", "ABORT", "OTHER", None]),
        RUNS,
        st.integers(1, 9),
        inputs=DATASETS,
        outputs=DATASETS,
        facets=st.fixed_dictionaries({"own": st.fixed_dictionaries({"x": st.integers(0, 3)})}),
        parent=st.one_of(st.none(), st.just(("p", "q"))),
    ),
    min_size=1,
    max_size=12,
)


@given(EVENTS, st.randoms(use_true_random=False))
def test_any_order_and_repetition_gives_the_same_graph(
    tmp_path: Path, events: list[dict[str, object]], dice: random.Random
) -> None:
    once = graph_of(tmp_path, *events)
    shuffled = [*events, *dice.sample(events, dice.randint(0, len(events)))]
    dice.shuffle(shuffled)
    assert graph_of(tmp_path, *shuffled) == once


@given(EVENTS)
def test_untold_versions_never_make_a_circle(
    tmp_path: Path, events: list[dict[str, object]]
) -> None:
    for made in events:  # versions that are told may contradict time; those are theirs
        for side in ("inputs", "outputs"):
            for told in made[side]:  # type: ignore[attr-defined]
                told["facets"] = {}
    graph = networkx.DiGraph(list(graph_of(tmp_path, *events).flow()))
    assert networkx.is_directed_acyclic_graph(graph)


def test_good_events_among_bad_ones_go_in(tmp_path: Path) -> None:
    good = json.dumps(event("COMPLETE", "r", 1))
    lines = [
        good,
        "{",
        good.replace("COMPLETE", "DONE"),
        good.replace('"runId": "r"', '"runId": ""'),
        good.replace("2026-11-23T", "2026-13-23T"),
        '{"eventTime": "2026-11-23T11:00:00Z"}',
        "[" * 5000,
        good.replace('"facets": {}', '"facets": {"own": 3}'),
        good.replace('"r"', '"\\ud800"'),
        good.replace('"r"', '"s"'),
    ]
    path = tmp_path / "mixed.ndjson"
    path.write_text("\n".join(lines) + "\n")
    with OpenLineageSource(path) as source:
        graph = Graph(source.batches())
    assert {
        n.custom_properties["run_id"] for n in graph.nodes.values() if n.kind is Kind.EXECUTION
    } == {"r", "s"}
    assert [str(p).removeprefix(f"{path}:").split(":")[0] for p in source.problems] == list(
        "23456789"
    )
    reasons = [p.reason for p in source.problems]
    assert reasons[1].startswith("eventType: input should be 'START'")
    assert reasons[2] == "run.runId: string should have at least 1 character"
    assert "no time such as" in reasons[3]
    assert reasons[4] == "an event has a run, a job or a dataset"
    assert "facet 'own' is no object" in reasons[6]


@pytest.mark.parametrize("indent", [None, 2])
def test_arrays_single_events_and_compressed_files(tmp_path: Path, indent: int | None) -> None:
    events = [event("START", "a", 1), event("COMPLETE", "b", 2)]
    array, single = tmp_path / "array.json", tmp_path / "single.json"
    array.write_text(json.dumps(events, indent=indent))
    single.write_text(json.dumps(events[0], indent=indent))
    packed = tmp_path / "events.gz"
    packed.write_bytes(gzip.compress(array.read_bytes()))
    lines = Graph(batches_of(written(tmp_path / "lines", events)))
    for path in (array, packed):
        with open_source(path) as source:
            assert Graph(source.batches()) == lines
    assert Graph(batches_of(single)) == Graph(batches_of(written(tmp_path / "one", events[:1])))
    with OpenLineageSource(array) as source:
        array.write_text(json.dumps([events[0], {}], indent=indent))
        assert len(list(source.batches())) == 1
        assert source.problems[0].place == f"{array}:1: event 2"


def test_a_file_that_grew_is_read_on_and_half_a_line_waits(tmp_path: Path) -> None:
    events = [event("COMPLETE", str(i), i) for i in range(1, 5)]
    path = written(tmp_path / "grows", events[:2])
    path.write_text(path.read_text() + json.dumps(events[2])[:50])
    with OpenLineageSource(path) as first:
        assert len(next(iter(first.batches())).executions) == 2
    assert [p.place for p in first.problems] == [f"{path}:3"]
    written(path, events)
    with OpenLineageSource(path) as second:
        second.after = first.cursor
        (batch,) = second.batches()
        assert second.source == first.source
    assert {e.custom_properties["run_id"] for e in batch.executions} == {"3", "4"}
    assert second.problems == []
    with OpenLineageSource(path) as third:
        third.after = second.cursor
        assert list(third.batches()) == []
    changed = written(path, [events[0], *events[2:]])
    with OpenLineageSource(changed) as fourth:
        fourth.after = second.cursor
        assert len(next(iter(fourth.batches())).executions) == 3


def test_sizes_are_limited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "long"
    path.write_bytes(b'{"eventTime": 1}\n' + b" " * (LONGEST + 2))
    with pytest.raises(BadFile, match="long:2: a line has at most 16 MB"):
        list(OpenLineageSource(path).batches())
    monkeypatch.setattr(read_documents, "FREE", 10_000)
    bomb = tmp_path / "bomb.gz"
    bomb.write_bytes(gzip.compress(b'{"eventTime": 1}\n' * 50_000, 9))
    with pytest.raises(BadFile, match="250 times its size"):
        list(OpenLineageSource(bomb).batches())


def test_damaged_files_never_do_worse_than_an_error(tmp_path: Path) -> None:
    whole = DBT.read_bytes()
    lines = sorted(whole.splitlines(keepends=True), key=len)[:2]
    dice = random.Random(7)
    path = tmp_path / "mutated"
    for _ in range(1000):
        damaged = bytearray(b"".join(lines))
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(damaged))
            what = dice.choice((b"", b'"', b"{", b"}", b"null", b"\x00", b"\xff", b"[", b"1e999"))
            damaged[at : at + dice.choice((0, 1, 1, 40, 400))] = what
        path.write_bytes(damaged)
        try:
            with OpenLineageSource(path) as source:
                Graph(source.batches())
        except LineageError:
            continue
        assert all(p.place.startswith(f"{path}:") and p.reason for p in source.problems)
