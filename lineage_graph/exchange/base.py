"""What every reader of an outside source offers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterator
from types import TracebackType
from typing import ClassVar, NamedTuple

from lineage_graph.exchange.store_lookup import StoreLookup
from lineage_graph.model import Subgraph

MOST_PROBLEMS = 1000  # kept with their places; further ones are counted only


class Problem(NamedTuple):
    """Something of a source that could not be read: where it stands, and why."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


class Source(ABC):
    """An outside source that was opened and looked at; a context manager.

    ``source`` tells it from every other source, wherever its file lies. ``total`` is how many nodes
    and links it holds, None where that is not known before it is read. ``skipped`` counts, by
    reason, what the graph cannot hold, ``problems`` lists what is damaged or makes no sense (the
    first thousand); both are complete once the last batch was taken.

    ``keyed`` sources know their nodes by ``origin`` instead of by ML Metadata's ids: their batches
    stand for themselves, with local (negative) ids. Set ``after`` to the ``cursor`` of an earlier
    reading before the batches are taken, and only what is new since is read. ``cursor`` is complete
    once the last batch was taken; a source without one is read whole each time. Set ``known`` to the
    store that it goes into: a source that ``asks`` asks it, before each batch, for what others told of
    the same, so its batches must be stored in turn.
    """

    format: ClassVar[str]
    keyed: ClassVar[bool] = False
    asks: ClassVar[bool] = False

    source: str
    total: int | None = None

    def __init__(self) -> None:
        self.skipped: Counter[str] = Counter()
        self.problems: list[Problem] = []
        self.after = ""
        self.cursor = ""
        self.known: StoreLookup | None = None

    @abstractmethod
    def batches(self) -> Iterator[Subgraph]:
        """Yield everything with the source's ids: types first, no link before its nodes."""

    @abstractmethod
    def close(self) -> None:
        """Let go of the file."""

    def problem(
        self, place: str, reason: str, counted: str = "damaged or senseless records"
    ) -> None:
        """Note that something could not be read; the rest goes on. Empty ``counted``: nothing is left out for it."""
        if counted:
            self.skipped[counted] += 1
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(place, reason))

    def __enter__(self) -> Source:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()
