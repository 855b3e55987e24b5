"""What is left of a source that could not be stored whole: told in the words of the error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lineage_graph.errors import LineageError


@contextmanager
def partly(stored: Callable[[], int]) -> Iterator[None]:
    """Where the block fails after something was stored, say in the error's hint how much stays."""
    try:
        yield
    except LineageError as error:
        if count := stored():
            rest = "Reading it again changes nothing of those and adds the rest."
            error.hint = (
                f"{error.hint} {count:,} nodes and links of the source are stored. {rest}"
            ).strip()
        raise
