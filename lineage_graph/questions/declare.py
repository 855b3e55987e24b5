"""The decorator that makes a function a question, and what such functions return."""

from __future__ import annotations

import inspect
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lineage_graph.catalog import Param, ReturnColumn, Returns
from lineage_graph.model import Subgraph
from lineage_graph.questions.question import Question
from lineage_graph.store import Answer, Store

MOST_NODES = 100_000  # a walk reads at most so many nodes
WALKS: dict[str, Question] = {}

Rows = Iterable[tuple[Any, ...]]


class Found:
    """What a walk found: rows or a graph, whether something was left out, and what to know about it."""

    def __init__(
        self,
        rows: Rows = (),
        *,
        graph: Subgraph | None = None,
        truncated: bool = False,
        note: str = "",
    ) -> None:
        self.rows = tuple(rows)
        self.graph = graph
        self.truncated = truncated
        self.note = note


def walk(
    *params: Param, returns: str, tags: str
) -> Callable[[Callable[..., Found]], Callable[..., Found]]:
    """Make a function a question: its name is the question's, its docstring title and prose.

    ``returns`` and ``tags`` are written as in the header of a file: ``rows artifact int, type str``.
    """
    kind, _, columns = returns.partition(" ")
    names = [column.split() for column in columns.split(",") if column.strip()]
    declared = Returns(kind, tuple(ReturnColumn(name, type_name) for name, type_name in names))  # type: ignore[arg-type]

    def register(function: Callable[..., Found]) -> Callable[..., Found]:
        title, _, prose = inspect.cleandoc(function.__doc__ or "").partition("\n")

        def run(store: Store, values: Mapping[str, Any]) -> Answer:
            started = time.perf_counter()
            found = function(store, **values)
            limit = store.settings.row_limit
            return Answer(
                declared.kind,
                tuple(column.name for column in declared.columns),
                found.rows[:limit],
                found.graph,
                found.truncated or len(found.rows) > limit,
                round((time.perf_counter() - started) * 1000, 1),
                found.note,
            )

        WALKS[function.__name__] = Question(
            function.__name__,
            title,
            prose.strip(),
            params,
            declared,
            tuple(tag.strip() for tag in tags.split(",")),
            None,
            run,
        )
        return function

    return register


def node_param(name: str, help_text: str) -> Param:
    """A required parameter that takes the id of a node."""
    return Param(name, "int", help_text)


def type_param(what: str) -> Param:
    """An optional parameter that narrows to one type."""
    return Param("type", "str", f"only {what} of this type", nullable=True, required=False)


def choice_param(name: str, choices: tuple[str, ...], help_text: str) -> Param:
    """A parameter with a few fixed choices, the first of them its default."""
    return Param(name, "str", help_text, required=False, default=choices[0], choices=choices)


HOPS = Param(
    "hops",
    "int",
    "at most so many events away; empty: all the way",
    nullable=True,
    required=False,
    low=1,
    high=100_000,
)
LIMIT = Param(
    "limit", "int", "at most so many nodes", required=False, default=1000, low=1, high=10_000
)
