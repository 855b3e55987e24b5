"""What is wrong with a filter, and where."""

from __future__ import annotations

from lineage_graph.errors import InvalidArgument

PREFIX = "Invalid `filter_query`: "


class WrongFilter(InvalidArgument):
    """A text that is no filter; ``position`` is the offset at which it is wrong."""

    def __init__(self, message: str, position: int, *, hint: str = "") -> None:
        super().__init__(message, hint=hint)
        self.position = position


def wrong(text: str, position: int, what: str, hint: str = "") -> WrongFilter:
    """Return the error that says what is wrong at an offset of the text, as line and column."""
    before = text[:position]
    line = before.count("\n") + 1
    column = position - (before.rfind("\n") + 1) + 1
    message = f"{PREFIX}{what} (line {line}, column {column})."
    return WrongFilter(message, position, hint=hint)
