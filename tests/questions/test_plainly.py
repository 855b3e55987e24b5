"""Every question, of every node of an awkward store, answered as plain Python answers it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from lineage_graph.questions import ask, load_questions
from lineage_graph.store import PutOptions, Store
from tests.questions.awkward import AWKWARD
from tests.questions.plainly import Plainly, questions

ASKED: dict[str, list[Any]] = {
    "type": [None, "Table", "déjà/vu.Model", "a.b.Train", "it's none"],
    "direction": ["any", "input", "output"],
    "by": ["uri", "digest"],
    "since": [0, 150, 10**6],
    "value": [None, "5", "5.0", "0.00001", "true", "five", "it's"],
    "property": ["p", "error_message", "it's none"],
    "commit": ["0123abc", "0123abcdef", "ffffffff"],
    "limit": [1000],
    "skip": [0],
}
"""The values that each parameter is given; nodes are all given."""
NODES = {
    "artifact": AWKWARD.artifacts,
    "execution": AWKWARD.executions,
    "context": AWKWARD.contexts,
}
ELSEWHERE = {
    "columns_of_artifact",
    "impact_of_column",
    "lineage_of_artifact",
    "lineage_of_execution",
    "path_between_artifacts",
    "run_as_graph",
    "common_ancestors",
    "compare_artifacts",
    "compare_runs",
    "why_different",
    "critical_path",
    "failed_after",
    "deployments",
    "deployed_from_artifact",
    "executions_of_run",
    "retrain_if_withdrawn",
    "parameters_behind_artifact",
    "properties_of_type",
}
"""Questions that are compared in other tests; here it is tried that they answer at all."""


def asked(store: Store) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every question with every combination of values."""
    for question in load_questions(store.catalog).values():
        names, values = [], []
        for param in question.params:
            kind = param.name.rpartition("_")[2]
            if kind in NODES:
                known: list[Any] = [node.id for node in NODES[kind]]
                known += [] if param.required else [None]
            elif param.choices:
                known = list(param.choices)
            else:
                known = ASKED.get(param.name, [param.default])
                known = [one for one in known if one is not None or not param.required]
            names.append(param.name)
            values.append(known)
        for given in itertools.product(*values):
            yield question.name, dict(zip(names, given, strict=True))


def test_every_question_is_answered_as_plain_python_does(store: Store) -> None:
    store.put(AWKWARD, PutOptions(restore=True))
    plain = questions(Plainly(AWKWARD))
    compared: set[str] = set()
    wrong: list[str] = []
    for name, values in asked(store):
        answer = ask(store, name, **values)
        assert not answer.truncated, (name, values)
        if name in plain:
            given = {k: v for k, v in values.items() if k not in ("skip", "limit")}
            expected = [_plain(row) for row in plain[name](**given)]
            compared.add(name)
            if [_plain(row) for row in answer.rows] != expected:
                wrong.append(f"{name} {given}:\n  {answer.rows}\n  {expected}")
    assert not wrong, "\n".join(wrong)
    everything = set(load_questions(store.catalog))
    assert everything == compared | ELSEWHERE


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row with lists of ids as tuples; an empty address is none."""
    return tuple(tuple(v) if isinstance(v, list) else v or None if v == "" else v for v in row)
