"""Provenance questions: files of ``cypher/questions``, and walks written in Python."""

from __future__ import annotations

from typing import Any

from lineage_graph.catalog import Catalog, Query
from lineage_graph.questions import columns, comparing, runs, walks
from lineage_graph.questions.declare import WALKS
from lineage_graph.questions.differences import why as differences
from lineage_graph.questions.differences.side_by_side import FactRow, SideBySide, compare
from lineage_graph.questions.differences.why import Why, why
from lineage_graph.questions.extent import Extent, extent_of
from lineage_graph.questions.question import (
    Question,
    Questions,
    from_query,
    gather,
    kind_of_id,
)
from lineage_graph.store import Answer, Store

__all__ = [
    "Extent",
    "FactRow",
    "Question",
    "Questions",
    "SideBySide",
    "Why",
    "ask",
    "compare",
    "extent_of",
    "kind_of_id",
    "load_questions",
    "why",
]

_SOURCES = (columns, comparing, differences, runs, walks)  # importing them registers their walks


def load_questions(catalog: Catalog) -> Questions:
    """Return all questions: the catalog's files and the walks.

    Raises:
        InvalidQueryFile: a file has the name of a walk.
    """
    return gather(catalog, WALKS)


def ask(store: Store, question: str | Query, /, **values: Any) -> Answer:
    """Ask a question by its name, with hyphens or underscores, or one made by ``load_query``.

    Raises:
        NotFound: there is no such question, or no such node.
        InvalidArgument: a value is missing, unknown, of the wrong kind or out of range.
        TimedOut: the time limit was reached.
    """
    if isinstance(question, Query):
        return from_query(question).ask(store, values)
    return load_questions(store.catalog).named(question).ask(store, values)
