"""What a store is asked by readers of events, which tell of what earlier events told: its runs, its datasets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple, Protocol

from lineage_graph.model import ColumnLineage, ExecutionState, Kind, Node


class DatasetName(NamedTuple):
    """What names a dataset."""

    namespace: str
    name: str


class JobName(NamedTuple):
    """What names a job."""

    namespace: str
    name: str


class KnownVersion(NamedTuple):
    """A version of a dataset that a run is linked to; ``version`` is None where nobody told one.

    ``inferred_at`` and ``at`` are those of a read: ``model.Event``'s moment (µs), and when it was (ms);
    ``dropped`` is what is told of a write.
    """

    artifact: int
    origin: str
    dataset: DatasetName
    version: str | None
    inferred_at: int | None = None
    at: int = 0
    dropped: bool = False


class KnownRun(NamedTuple):
    """A run as it is stored; ``ended`` is the text of the moment, None where it has not.

    ``began`` is when it was told of first (µs), ``streams`` whether it streams.
    """

    id: int
    run: str
    state: ExecutionState | None
    ended: str | None
    read: tuple[KnownVersion, ...]
    written: tuple[KnownVersion, ...]
    began: int = 0
    streams: bool = False

    @property
    def completed(self) -> str | None:
        """When it completed, None where it failed or has not ended."""
        return self.ended if self.state is ExecutionState.COMPLETE else None


class LastWritten(NamedTuple):
    """The version of a dataset that was completed last: when (a text), by which run, the version's key."""

    at: str
    run: str
    key: str


class KnownStream(NamedTuple):
    """A version that a run that streams writes: since when (µs), and until when (a text, None where it goes on)."""

    writer: str
    run: str
    began: int
    ended: str | None
    version: str | None


class KnownDataset(NamedTuple):
    """A dataset as it is stored: what was written of it last, and its other names, as far as they were told of it.

    ``last`` is None where nothing is noted, or where it is no longer so; ``written_before`` knows.
    Nothing was completed after ``last_at`` (a text). So it is with runs that stream: ``stream`` began
    last, ``streams_of`` knows, none began after ``last_began`` (µs); 0 where none writes it.
    """

    last: LastWritten | None
    last_at: str = ""
    stream: KnownStream | None = None
    last_began: int = 0
    aliases: tuple[DatasetName, ...] = ()


class Before(NamedTuple):
    """Asks for the version of a dataset (its context's origin) that was written last before a moment (a text)."""

    dataset: str
    moment: str


class StoreLookup(Protocol):
    """A store, as far as it is asked."""

    def runs_told(self, origins: Iterable[str]) -> dict[str, KnownRun]:
        """Return the runs that are stored, by their origins."""

    def jobs_of_runs(self, origins: Iterable[str]) -> dict[str, JobName]:
        """Return whose runs are stored, by the origins of the runs."""

    def datasets_told(self, origins: Iterable[str]) -> dict[str, KnownDataset]:
        """Return the datasets that are stored, by the origins of their contexts."""

    def written_before(
        self, asked: Iterable[Before], but: Iterable[str]
    ) -> dict[Before, LastWritten]:
        """Return what was written last before each moment, where anything was, by other runs than those of ``but``."""

    def streams_of(self, datasets: Iterable[str]) -> dict[str, list[KnownStream]]:
        """Return the versions that runs that stream write of datasets, by the origins of their contexts."""

    def readers(self, artifacts: Mapping[str, int]) -> set[str]:
        """Return the origins of runs inferred to have read artifacts (by origin) after a moment (µs)."""

    def readers_of_datasets(self, datasets: Mapping[str, int]) -> set[str]:
        """Return the same of all versions of datasets (by the origins of their contexts)."""

    def columns_read(self, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ColumnLineage]]:
        """Return what executions made of the columns of artifacts, of pairs of artifact and execution; with the latter."""

    def columns_to(self, artifacts: Iterable[int]) -> list[ColumnLineage]:
        """Return what the columns of artifacts were made from."""

    def get(self, kind: Kind, ids: Iterable[int]) -> tuple[Node, ...]:
        """Return the nodes of these ids."""
