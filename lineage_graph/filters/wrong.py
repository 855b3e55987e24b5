"""What is wrong with a filter, and where."""

from __future__ import annotations

from lineage_graph.errors import InvalidArgument

PREFIX = "Invalid `filter_query`: "


def wrong(text: str, position: int, what: str, hint: str = "") -> InvalidArgument:
    """Return the error that says what is wrong at an offset of the text, as line and column."""
    before = text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    return InvalidArgument(f"{PREFIX}{what} (line {line}, column {column}).", hint=hint)
