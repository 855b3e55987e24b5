"""How much of a source is stored: counted batch by batch, and told in the words of an error that ends it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from lineage_graph.errors import LineageError
from lineage_graph.model import ENDS, Subgraph
from lineage_graph.store.values import Linked, LoadResult, PutResult


class Tally:
    """Counts what was stored of a source, and tells ``on_progress`` of each batch."""

    def __init__(self, on_progress: Callable[[int], None] | None) -> None:
        self._on_progress = on_progress
        self.result = LoadResult(0, 0, 0, 0, 0, Linked())

    def add(self, batch: Subgraph, stored: PutResult) -> None:
        """Count a batch, and what became of it."""
        so_far, links = self.result, links_in(batch)
        self.result = LoadResult(
            so_far.nodes + len(batch),
            so_far.links + links,
            so_far.created + stored.created,
            so_far.updated + stored.updated,
            so_far.new_links + stored.links,
            so_far.linked.and_then(stored.linked),
        )
        if self._on_progress is not None:
            self._on_progress(len(batch) + links)


def links_in(batch: Subgraph) -> int:
    """Return the number of links in a batch."""
    return sum(len(getattr(batch, name)) for name in ENDS)


@contextmanager
def partly(on_progress: Callable[[int], None] | None) -> Iterator[Tally]:
    """Yield a tally; where the block fails after something was stored, say in the error's hint how much stays."""
    tally = Tally(on_progress)
    try:
        yield tally
    except LineageError as error:
        if count := tally.result.nodes + tally.result.links:
            rest = "Reading it again changes nothing of those and adds the rest."
            error.hint = (
                f"{error.hint} {count:,} nodes and links of the source are stored. {rest}"
            ).strip()
        raise
