"""What every reader of an outside source offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from types import TracebackType

from lineage_graph.model import Subgraph


class Source(ABC):
    """An outside source that was opened and looked at; a context manager.

    ``source`` tells it from every other source, wherever its file lies. ``total`` is how many nodes
    and links it holds. ``skipped`` counts, by reason, what the graph cannot hold; it is complete
    once the last batch was taken.
    """

    source: str
    total: int

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()

    @abstractmethod
    def batches(self) -> Iterator[Subgraph]:
        """Yield everything with the source's ids: types first, no link before its nodes."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
