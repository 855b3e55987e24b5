"""Extent: how much of an answer is shown, how much there is, and how to see the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lineage_graph.catalog import is_paged
from lineage_graph.questions.declare import MOST_NODES
from lineage_graph.questions.question import Question
from lineage_graph.store import Answer


@dataclass(frozen=True)
class Extent:
    """How much of an answer is shown.

    ``first`` is the number of the first row, from 1, and ``shown`` how many there are; of a graph,
    nodes are counted. ``truncated`` says whether there are more. ``total`` is how many there are in
    all where that is known, ``at_least`` how many there are for sure. ``next`` are the values that
    show the next page, None where there is none. ``rest`` says how to see what was left out.
    """

    first: int
    shown: int
    truncated: bool
    total: int | None
    at_least: int
    next: Mapping[str, Any] | None = None
    rest: str = ""

    def as_data(self) -> dict[str, Any]:
        """Return what programs are told, beside the rows."""
        return {
            "truncated": self.truncated,
            "shown": self.shown,
            "total": self.total,
            "at_least": self.at_least,
            "next": None if self.next is None else dict(self.next),
            "rest": self.rest,
        }


def extent_of(question: Question, values: Mapping[str, Any], answer: Answer) -> Extent:
    """Return how much an answer to a question, asked with these values, shows."""
    shown = len(answer.rows)
    if answer.kind == "graph" and answer.graph is not None:
        shown = sum(1 for _ in answer.graph.nodes)
    paged = is_paged(question.params)
    skipped = int(values.get("skip") or 0) if paged else 0
    seen = skipped + shown
    if not answer.truncated:
        known = (
            shown > 0 or not skipped
        )  # a page behind the last one does not tell how many there are
        return Extent(skipped + 1, shown, False, seen if known else None, seen if known else 0)
    following = {**values, "skip": seen} if paged else None
    rest = f"The next ones come with skip {seen}." if paged else _how_to_see_more(question, answer)
    return Extent(skipped + 1, shown, True, None, seen + 1, following, rest)


def _how_to_see_more(question: Question, answer: Answer) -> str:
    limit = next((param for param in question.params if param.name == "limit"), None)
    if limit is not None:
        return f"Raise limit (at most {limit.high:,g}), or ask for fewer hops."
    if answer.kind == "graph":
        return "Ask for fewer hops."
    return (
        "An answer has at most as many rows as LINEAGE_GRAPH_ROW_LIMIT says, and a walk reads at "
        f"most {MOST_NODES:,} nodes; ask for one type, or for fewer hops."
    )
