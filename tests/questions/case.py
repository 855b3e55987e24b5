"""A case: what is asked, of which data, and the whole answer.

What is expected of the real pipeline was read from its file; ``test_cases.py`` reads it there again,
with SQL and networkx and without the code under test.
"""

from __future__ import annotations

from typing import Any, NamedTuple

TFX, SMALL = "tfx", "small"


class Expected(NamedTuple):
    """Rows of some columns; of a graph: its nodes, and how many events it has."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Case(NamedTuple):
    """A question's values, what it must answer, and the data it is asked of."""

    values: dict[str, Any]
    expected: Expected
    data: str = TFX


def rows(columns: str, *found: tuple[Any, ...]) -> Expected:
    """Rows, in order."""
    return Expected(tuple(columns.split()), list(found))


def graph(nodes: str, events: int) -> Expected:
    """A graph of these nodes and so many events."""
    return Expected(("nodes", "events"), [(nodes, events)])
