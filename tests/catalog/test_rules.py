"""Rules of ``cypher/rules``: how they are put in, what is refused, and that they say what Python says."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

import pytest

from lineage_graph import folders
from lineage_graph.catalog import load_catalog
from lineage_graph.catalog.rules import expanded, load_rules
from lineage_graph.errors import InvalidQueryFile
from lineage_graph.model import Context, Execution, ExecutionState
from lineage_graph.model.run_state import LOST_AFTER, counts_in, run_state_of
from lineage_graph.questions.roles import is_dag
from lineage_graph.store import Store

HERE = Path("mine.cypher")


def written(folder: Path, **rules: str) -> Path:
    for name, text in rules.items():
        (folder / f"{name}.cypher").write_text(text)
    return folder


def test_what_is_put_in(tmp_path: Path) -> None:
    rules = load_rules(
        written(
            tmp_path,
            is_old="// Old.\n// @param node  which\nnode.age > 9 AND node.node <> 'node' AND {node: node} <> {}",
            is_both="// Both.\n// @param a  one\n// @param b  other\nis_old(a) OR is_old(b)",
            near="// Near.\n// @param node  which\n// @param other  what is near\nMATCH (node)-[:NODE]->(other:Node)",
        )
    )
    given = "MATCH (n) near(n, m) WHERE is_both(n, m[0]) AND x.is_old(n) = 'is_old(n)' // is_old(n)"
    old = "({0}.age > 9 AND {0}.node <> 'node' AND {{node: {0}}} <> {{}})"
    assert expanded(given, rules, HERE) == (
        "MATCH (n) MATCH (n)-[:NODE]->(m:Node) "
        f"WHERE ({old.format('n')} OR {old.format('m[0]')}) AND x.is_old(n) = 'is_old(n)' // is_old(n)"
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("RETURN\n  is_old(n, m)", "mine.cypher:2: write is_old(node)"),
        ("RETURN is_old()", "mine.cypher:1: write is_old(node)"),
        ("RETURN endless(n)", "mine.cypher:1: its rules call each other without end"),
    ],
)
def test_wrong_calls(tmp_path: Path, text: str, reason: str) -> None:
    old = "// Old.\n// @param node  which\nnode.age > 9"
    endless = "// Endless.\n// @param node  which\nNOT endless(node)"
    rules = load_rules(written(tmp_path, is_old=old, endless=endless))
    with pytest.raises(InvalidQueryFile, match=re.escape(reason)):
        expanded(text, rules, HERE)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("n.x", "bad.cypher:1: the first line says what the rule is"),
        ("// It.\nn.x", "bad.cypher:1: @param is missing"),
        ("// It.\n// @param n\nn.x", "bad.cypher:2: write @param name  help"),
        ("// It.\n// @param n  which\n", "bad.cypher:3: there is no Cypher"),
        ("// It.\n// @param n  which\nn.x = $y", "bad.cypher:3: a rule only reads"),
        ("// It.\n// @param n  which\nSET n.x = 1", "bad.cypher:3: a rule only reads"),
    ],
)
def test_wrong_rules(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(InvalidQueryFile, match=re.escape(reason)):
        load_rules(written(tmp_path, bad=text))


def test_each_rule_is_used_and_nothing_is_left_to_put_in() -> None:
    rules = load_rules()
    texts = [path.read_text() for path in folders.CYPHER.rglob("*.cypher")]
    for name in rules:
        assert any(f"{name}(" in text for text in texts), name
        assert not any(f"{name}(" in query.body for query in load_catalog().values()), name


TYPES = ("run", "pipeline_run", "component_run", "node", "MyRun", "truncated", "pipeline", "job")


def test_rules_say_what_python_says(store: Store) -> None:
    rules = load_rules()

    def said(rule: str, nodes: list[dict[str, Any]]) -> list[bool]:
        text = expanded(f"UNWIND $rows AS n RETURN {rule}(n) AS said", rules, HERE)
        return [row[0] for row in store.cypher(text, {"rows": nodes}).rows]

    contexts = [Context(type=name) for name in TYPES]
    rows = [{"type": name} for name in TYPES]
    assert said("is_run", rows) == [context.is_run for context in contexts]
    assert said("is_step_context", rows) == [context.is_step for context in contexts]
    executions = ["system.DAGExecution", "system.ContainerExecution"]
    assert said("is_dag", [{"type": name} for name in executions]) == [
        is_dag(Execution(type=name)) for name in executions
    ]


def test_what_a_run_says_is_read_alike(store: Store) -> None:
    now = int(time.time() * 1000)
    told: list[dict[str, Any]] = [
        {},
        {"run_state": "COMPLETE", "heartbeat": 1},
        {"run_state": "RUNNING", "heartbeat": now},
        {"run_state": "RUNNING", "heartbeat": now - LOST_AFTER - 60_000},
        {"run_state": "RUNNING", "run_failure": "", "heartbeat": 1},
        {"run_state": "RUNNING", "run_failure": "FAILED", "heartbeat": 1},
        {"run_state": "COMPLETE", "run_failure": "CANCELED", "run_resumed": 500},
    ]
    runs = [Context(custom_properties=values) for values in told]
    rows = [{f"custom_{name}": value for name, value in values.items()} for values in told]
    text = "UNWIND $rows AS r RETURN run_told(r) AS state, lost_since(r) AS lost"
    answer = store.cypher(expanded(text, load_rules(), HERE), {"rows": rows})
    said = [run_state_of(run, now) for run in runs]
    assert [tuple(row) for row in answer.rows] == [(s.state or None, s.lost_since) for s in said]
    assert [s.lost_since is not None for s in said] == [
        False,
        False,
        False,
        True,
        True,
        False,
        False,
    ]

    executions = [
        Execution(create_time_since_epoch=moment, last_known_state=state)
        for moment in (None, 499, 500)
        for state in (ExecutionState.FAILED, ExecutionState.COMPLETE, ExecutionState.RUNNING)
    ]
    pairs = [(e, run) for e in executions for run in (runs[0], runs[-1])]
    text = "UNWIND $rows AS p WITH p.e AS e, p.r AS r RETURN counts_in(e, r) AS counts"
    values = [
        {
            "e": {
                "create_time_since_epoch": e.create_time_since_epoch,
                "last_known_state": e.last_known_state.value,
            },
            "r": {"custom_run_resumed": run.custom_properties.get("run_resumed")},
        }
        for e, run in pairs
    ]
    answer = store.cypher(expanded(text, load_rules(), HERE), {"rows": values})
    assert [row[0] for row in answer.rows] == [counts_in(e, run) for e, run in pairs]
