"""Every question has a case, and every case is right: on each engine, and by the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import networkx as nx
import pytest

from lineage_graph.catalog import is_paged, load_catalog
from lineage_graph.questions import Question, extent_of, load_questions
from lineage_graph.store import Answer, PutOptions, Store
from tests.questions.cases import CASES, SMALL, TFX, Case, Expected
from tests.questions.oracle import SQL, File
from tests.questions.small import SMALL as SMALL_GRAPH

QUESTIONS = load_questions(load_catalog())
OF_TFX = [(name, case) for name, cases in CASES.items() for case in cases if case.data == TFX]
OF_SMALL = [(name, case) for name, cases in CASES.items() for case in cases if case.data == SMALL]


def name_of(value: object) -> str:
    """How a case is called in the list of tests."""
    return value if isinstance(value, str) else str(getattr(value, "values", value))


def test_every_question_has_a_case_with_an_answer() -> None:
    assert set(CASES) == set(QUESTIONS)
    assert len(QUESTIONS) >= 28
    for name, cases in CASES.items():
        assert any(case.expected.rows for case in cases), name


def check(question: Question, case: Case, answer: Answer) -> None:
    """Compare an answer with what a case expects of it."""
    assert answer.kind == question.returns.kind
    assert answer.truncated == (len(answer.rows) == case.values.get("limit"))
    if answer.kind == "graph":
        assert seen(answer) == case.expected
        return
    assert answer.columns == tuple(column.name for column in question.returns.columns)
    places = [answer.columns.index(column) for column in case.expected.columns]
    assert [tuple(row[place] for place in places) for row in answer.rows] == case.expected.rows


def seen(answer: Answer) -> Expected:
    """A graph as cases write it."""
    assert answer.graph is not None
    nodes = " ".join(str(ref) for ref in sorted(node.ref for node in answer.graph.nodes))
    return Expected(("nodes", "events"), [(nodes, len(answer.graph.events))])


@pytest.mark.parametrize(("name", "case"), OF_TFX, ids=name_of)
def test_of_the_real_pipeline(tfx: Store, name: str, case: Case) -> None:
    check(QUESTIONS[name], case, QUESTIONS[name].ask(tfx, case.values))


def test_of_the_small_graph(store: Store) -> None:
    store.put(SMALL_GRAPH, PutOptions(restore=True))  # which keeps the times
    for name, case in OF_SMALL:
        check(QUESTIONS[name], case, QUESTIONS[name].ask(store, case.values))


PAGED = [
    (name, case)
    for name, case in OF_TFX
    if is_paged(QUESTIONS[name].params) and "limit" not in case.values
]


@pytest.mark.parametrize(("name", "case"), PAGED, ids=name_of)
def test_pages_of_an_answer_are_all_of_it(tfx: Store, name: str, case: Case) -> None:
    question = QUESTIONS[name]
    whole = question.ask(tfx, case.values)
    extent = extent_of(question, case.values, whole)
    assert (extent.truncated, extent.total) == (False, len(whole.rows))
    found: list[tuple[Any, ...]] = []
    values: Mapping[str, Any] | None = {**case.values, "limit": 2}
    while values is not None:
        page = question.ask(tfx, values)
        found += page.rows
        extent = extent_of(question, values, page)
        assert extent.at_least == min(len(found) + 1, len(whole.rows))
        assert extent.truncated == (len(found) < len(whole.rows))
        values = extent.next
    assert tuple(found) == whole.rows
    assert extent.total == len(found)


def test_every_question_that_takes_a_limit_has_pages() -> None:
    for question in QUESTIONS.values():
        takes = {param.name for param in question.params}
        if question.cypher is not None and takes & {"skip", "limit"}:
            assert is_paged(question.params), question.name
            assert question.cypher.count("SKIP $skip\nLIMIT $limit") == 1, question.name


@pytest.fixture(scope="module")
def file() -> File:
    """The real pipeline's file."""
    return File()


@pytest.mark.parametrize(
    ("name", "case"),
    [(n, c) for n, c in OF_TFX if QUESTIONS[n].cypher and QUESTIONS[n].returns.kind != "graph"],
    ids=name_of,
)
def test_cases_by_sql(file: File, name: str, case: Case) -> None:
    found = [
        tuple(row[c] for c in case.expected.columns) for row in file.rows(SQL[name], case.values)
    ]
    assert found == case.expected.rows


# The walks, with networkx on the file.


def expected(name: str, **values: Any) -> list[dict[str, Any]]:
    """The rows a case of the real pipeline expects, by column."""
    (case,) = [case for case in CASES[name] if case.data == TFX and case.values == values]
    return [dict(zip(case.expected.columns, row, strict=True)) for row in case.expected.rows]


def nodes_of(name: str, **values: Any) -> set[str]:
    """The nodes a case of the real pipeline expects."""
    return set(expected(name, **values)[0]["nodes"].split())


def near(flow: Any, start: str, hops: int = 1000) -> dict[str, int]:
    """Distances along the flow."""
    return dict(nx.single_source_shortest_path_length(flow, start, cutoff=hops))


def in_rows(rows: list[dict[str, Any]]) -> dict[str, int]:
    """Distances in the rows of an answer about artifacts or executions."""
    return {
        f"artifact/{row['artifact']}" if row["artifact"] else f"execution/{row['execution']}": row[
            "hops"
        ]
        for row in rows
    }


def test_graphs_by_networkx(file: File) -> None:
    flow = file.flow()
    back = flow.reverse()
    whole = {*near(flow, "artifact/14"), *near(back, "artifact/14")}
    assert nodes_of("lineage_of_artifact", artifact=14) == whole
    assert nodes_of("lineage_of_artifact", artifact=14, direction="upstream", hops=2) == set(
        near(back, "artifact/14", 2)
    )
    assert nodes_of("lineage_of_execution", execution=16, hops=1) == {
        *near(flow, "execution/16", 1),
        *near(back, "execution/16", 1),
    }
    assert nodes_of("lineage_of_execution", execution=47, direction="downstream") == set(
        near(flow, "execution/47")
    )
    assert nodes_of("run_as_graph", context=2) == set(file.run(2))


def test_paths_by_networkx(file: File) -> None:
    flow = file.flow()
    there = nodes_of("path_between_artifacts", from_artifact=1, to_artifact=18)
    assert len(there) == nx.shortest_path_length(flow, "artifact/1", "artifact/18") + 1
    back = nodes_of("path_between_artifacts", from_artifact=18, to_artifact=3, direction="flow")
    assert len(back) == nx.shortest_path_length(flow, "artifact/3", "artifact/18") + 1
    for path in (there, back):
        assert nx.is_weakly_connected(flow.subgraph(path))
    assert not nx.has_path(flow, "artifact/17", "artifact/18")
    assert not nx.has_path(flow, "artifact/18", "artifact/17")
    assert not nodes_of(
        "path_between_artifacts", from_artifact=17, to_artifact=18, direction="flow"
    )


def test_sources_and_impact_by_networkx(file: File) -> None:
    flow = file.flow()
    upstream = near(flow.reverse(), "artifact/54")
    sources = {
        node: hops
        for node, hops in upstream.items()
        if node.startswith("artifact") and not any(flow.pred[maker] for maker in flow.pred[node])
    }
    assert in_rows(expected("sources_of_artifact", artifact=54)) == sources
    reached = near(flow, "artifact/29")
    assert in_rows(expected("impact_of_artifact", artifact=29)) == {
        node: hops for node, hops in reached.items() if hops
    }
    pushed = {
        n: h for n, h in near(flow, "artifact/1").items() if "Pushed" in flow.nodes[n]["type"]
    }
    assert in_rows(expected("deployed_from_artifact", artifact=1)) == pushed
    models = {
        node: hops
        for node, hops in near(flow, "artifact/20").items()
        if flow.nodes[node]["type"] == "Model"
    }
    assert in_rows(expected("models_from_artifact", artifact=20)) == models


def test_trainings_by_networkx(file: File) -> None:
    flow = file.flow()
    for artifact in (1, 10):
        trainings = [
            (flow.nodes[node]["execution"], sorted(int(n.split("/")[1]) for n in flow.succ[node]))
            for node in nx.lexicographical_topological_sort(
                flow.subgraph(near(flow, f"artifact/{artifact}")),
                key=lambda n: flow.nodes[n].get("started", 0),
            )
            if flow.nodes[node]["type"].endswith(".Trainer")
        ]
        found = expected("retrain_if_withdrawn", artifact=artifact)
        assert [(row["execution"], row["output_artifacts"]) for row in found] == trainings


def test_common_ancestors_by_networkx(file: File) -> None:
    flow = file.flow()
    one, other = near(flow.reverse(), "artifact/14"), near(flow.reverse(), "artifact/29")
    common = one.keys() & other.keys()
    farther = {before for node in common for before in nx.ancestors(flow, node)}
    found = expected("common_ancestors", one_artifact=14, other_artifact=29)
    assert {
        (f"artifact/{row['artifact']}" if row["artifact"] else f"execution/{row['execution']}"): (
            row["hops_from_one"],
            row["hops_from_other"],
            row["nearest"],
        )
        for row in found
    } == {node: (one[node], other[node], node not in farther) for node in common}


def test_failures_by_sql(file: File) -> None:
    later = file.rows(
        """SELECT later.* FROM e JOIN ran USING (execution)
           JOIN ran AS others USING (context) JOIN e AS later ON later.execution = others.execution
           WHERE e.execution = 5 AND later.state = 'FAILED' AND later.started > e.started""",
        {},
    )
    assert not near(file.flow(), "execution/5").keys() - {"execution/5"}
    assert [row["execution"] for row in expected("failed_after", execution=5)] == [
        row["execution"] for row in later
    ]


def test_the_critical_path_by_networkx(file: File) -> None:
    run = file.run(38)
    steps: Any = nx.DiGraph()
    for node in run:
        if node.startswith("execution"):
            for made in run.succ[node]:
                for reader in run.succ[made]:
                    steps.add_edge(node, reader, duration=run.nodes[node]["duration"])
    for node in list(steps):
        steps.add_edge(node, "end", duration=run.nodes[node]["duration"])
    longest = nx.dag_longest_path(steps, weight="duration")[:-1]
    found = [f"execution/{row['execution']}" for row in expected("critical_path", context=38)]
    assert found == longest


def test_comparisons_by_sql(file: File) -> None:
    found = {
        row["name"]: row
        for row in expected("compare_artifacts", one_artifact=18, other_artifact=32)
    }
    differing = file.rows(
        """SELECT name FROM ArtifactProperty WHERE artifact_id IN (18, 32)
           GROUP BY name HAVING count(*) = 1 OR min(coalesce(int_value, string_value))
             <> max(coalesce(int_value, string_value))""",
        {},
    )
    assert set(found) == {row["name"] for row in differing} | {"uri"}
    states = file.rows(
        """SELECT step, one.state AS one, other.state AS other FROM
             (SELECT * FROM e JOIN ran USING (execution) JOIN step USING (execution)
              WHERE context = 15) AS one
           JOIN (SELECT * FROM e JOIN ran USING (execution) JOIN step USING (execution)
              WHERE context = 26) AS other USING (step)
           WHERE one.state <> other.state""",
        {},
    )
    rows = expected("compare_runs", one_context=15, other_context=26)
    assert {(r["step"], r["one"], r["other"]) for r in rows if r["part"] == "state"} == {
        tuple(row) for row in states
    }
    inputs = file.rows(
        """SELECT step, min(iif(context = 15, artifact, NULL)) AS one,
                  min(iif(context = 26, artifact, NULL)) AS other
           FROM v JOIN ran USING (execution) JOIN step USING (execution)
           WHERE direction = 'input' AND context IN (15, 26)
           GROUP BY step, argument HAVING one IS NOT other""",
        {},
    )
    assert {(r["step"], r["one"], r["other"]) for r in rows if r["part"] == "input"} == {
        (
            row["step"],
            row["one"] and f"artifact/{row['one']}",
            row["other"] and f"artifact/{row['other']}",
        )
        for row in inputs
    }


def test_parameters_by_sql(file: File) -> None:
    names = file.rows(
        "SELECT name FROM ExecutionProperty WHERE execution_id = 16 ORDER BY name", {}
    )
    found = expected("parameters_behind_artifact", artifact=14, hops=1)
    assert [row["parameter"] for row in found] == [row["name"] for row in names]
