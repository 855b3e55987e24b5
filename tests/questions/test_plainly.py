"""Every question, of every node of an awkward store, answered as plain Python answers it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Subgraph
from lineage_graph.questions import ask, load_questions
from lineage_graph.store import Answer, PutOptions, Store
from tests.questions.awkward import AWKWARD
from tests.questions.plain_walks import PlainWalks
from tests.questions.plainly import questions

ASKED: dict[str, list[Any]] = {
    "type": [None, "Table", "déjà/vu.Model", "a.b.Train", "it's none"],
    "direction": ["any", "input", "output"],
    "by": ["uri", "digest"],
    "since": [0, 150, 10**6],
    "value": [None, "5", "5.0", "0.00001", "true", "five", "it's"],
    "property": ["p", "error_message", "it's none", 'a "b'],
    "commit": ["0123abc", "0123abcdef", "ffffffff"],
    "limit": [1000],
    "hops": [None, 1],
    "column": ["x"],
    "longest": [False, True],
    "skip": [0],
}
"""The values that each parameter is given; nodes are all given."""
NODES = {
    "artifact": AWKWARD.artifacts,
    "execution": AWKWARD.executions,
    "context": AWKWARD.contexts,
}
ELSEWHERE = {"compare_artifacts", "compare_runs", "why_different", "critical_path"}
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
    plain = questions(PlainWalks(AWKWARD))
    compared: set[str] = set()
    wrong: list[str] = []
    for name, values in asked(store):
        try:
            answer = ask(store, name, **values)
        except InvalidArgument:  # of two types
            assert name == "why_different"
            continue
        assert not answer.truncated, (name, values)
        if name in plain:
            given = {k: v for k, v in values.items() if k not in ("skip", "limit")}
            expected: Any = plain[name](**given)
            if isinstance(expected, list):
                expected = [_plain(row) for row in expected]
            found = _found(name, answer)
            if name == "executions_with_property":
                expected = sorted(((*r[:3], _number(r[3]), *r[4:]) for r in expected), key=_in_time)
            compared.add(name)
            if found != expected:
                wrong.append(f"{name} {given}:\n  {found}\n  {expected}")
    assert not wrong, "\n".join(wrong)
    everything = set(load_questions(store.catalog))
    assert everything == compared | ELSEWHERE


def _found(name: str, answer: Answer) -> Any:
    """Return an answer as plain Python gives it: rows, or the nodes of a picture."""
    if name == "path_between_artifacts":
        return (sum(1 for _ in answer.graph.nodes),) if answer.graph else ()
    if answer.kind == "graph":
        graph = answer.graph or Subgraph()
        return {str(node.ref) for node in (*graph.artifacts, *graph.executions)}
    rows = [_plain(row) for row in answer.rows]
    if name == "executions_with_property":  # both of one name in either order, numbers as text
        rows = sorted(((*r[:3], _number(r[3]), *r[4:]) for r in rows), key=_in_time)
    return {row[1:] for row in rows} if name == "retrain_if_withdrawn" else rows


def _number(text: str) -> str:
    """Return a text as Python writes the number that it is; the engines write 1.0E-5."""
    return str(float(text)) if "E-" in text else text


def _in_time(row: tuple[Any, ...]) -> tuple[Any, ...]:
    return -row[4], -row[0], row[3]


def _plain(row: tuple[Any, ...]) -> tuple[Any, ...]:
    """Return a row with lists of ids as tuples; an empty address is none."""
    return tuple(tuple(v) if isinstance(v, list) else v or None if v == "" else v for v in row)
