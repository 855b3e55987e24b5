"""What a store knows of OpenLineage's runs and the versions they read and wrote."""

from __future__ import annotations

import json
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from lineage_graph.exchange.store_lookup import (
    Before,
    DatasetName,
    JobName,
    KnownDataset,
    KnownRun,
    KnownStream,
    KnownVersion,
    LastWritten,
)
from lineage_graph.model import ColumnLineage, ExecutionState, Kind
from lineage_graph.store.reading import get
from lineage_graph.store.reading.columns import columns_to
from lineage_graph.store.rows import column_of
from lineage_graph.store.session import Record, Sessions, Transaction

_ITEMS_PER_STATEMENT = 5000  # items of a statement
_SELDOM = 8  # questions about a dataset, and runs left out, that a statement answers by itself


class DatasetVersions:
    """Which versions of datasets runs read and wrote: what ``exchange.store_lookup`` asks of a store."""

    _sessions: Sessions

    def holds_runs(self) -> bool:
        """Say whether any run was told of."""
        name = "openlineage.Run"
        found = self._sessions.read(lambda t: get.type_by_name(t, Kind.EXECUTION, name, ""))
        return found is not None

    def runs_told(self, origins: Iterable[str]) -> dict[str, KnownRun]:
        """Return the runs that are stored, by their origins."""
        records = self._asked("runs_told", "origins", sorted(set(origins)))
        return {record["origin"]: _run(record) for record in records}

    def jobs_of_runs(self, origins: Iterable[str]) -> dict[str, JobName]:
        """Return whose runs are stored, by the origins of the runs."""
        records = self._asked("jobs_of_runs", "origins", sorted(set(origins)))
        return {record["run"]: JobName(record["namespace"], record["job"]) for record in records}

    def datasets_told(self, origins: Iterable[str]) -> dict[str, KnownDataset]:
        """Return the datasets that are stored, by the origins of their contexts."""
        records = self._asked("datasets_told", "origins", sorted(set(origins)))
        return {record["dataset"]: _dataset(record) for record in records}

    def written_before(
        self, asked: Iterable[Before], but: Iterable[str]
    ) -> dict[Before, LastWritten]:
        """Return what was written last before each moment, where anything was, by other runs than those of ``but``."""
        by_dataset: dict[str, list[Before]] = defaultdict(list)
        for question in sorted(set(asked)):
            by_dataset[question.dataset].append(question)
        left_out = set(but)
        seldom = sorted(
            one
            for questions in by_dataset.values()
            for one in questions
            if len(questions) <= _SELDOM and len(left_out) <= _SELDOM
        )
        rows = [[n, *question] for n, question in enumerate(seldom)]
        found = {}
        for record in self._asked("written_before", "rows", rows, but=sorted(left_out)):
            found[seldom[record["row"]]] = _written(*record["latest"])
        often = by_dataset.keys() - {one.dataset for one in seldom}
        # A statement would look at each version once for each question.
        latest = [[dataset, by_dataset[dataset][-1].moment] for dataset in sorted(often)]
        versions: dict[str, list[list[str]]] = defaultdict(list)
        for record in self._asked("versions_before", "rows", latest):
            if record["writer"] not in left_out:
                versions[record["dataset"]].append(record["version"])
        for dataset, written in versions.items():
            written.sort()
            for question in by_dataset[dataset]:
                at = bisect_left(written, [question.moment])
                if at:
                    found[question] = _written(*written[at - 1])
        return found

    def streams_of(self, datasets: Iterable[str]) -> dict[str, list[KnownStream]]:
        """Return the versions that runs that stream write of datasets, by the origins of their contexts."""
        found: dict[str, list[KnownStream]] = defaultdict(list)
        for record in self._asked("streams_of", "origins", sorted(set(datasets))):
            dataset, writer, run, began, ended, version = record
            found[dataset].append(KnownStream(writer, run, (began or 0) * 1000, ended, version))
        return found

    def readers(self, artifacts: Mapping[str, int]) -> set[str]:
        """Return the origins of runs inferred to have read artifacts (by origin) after a moment (µs)."""
        rows = [list(row) for row in sorted(artifacts.items())]
        return {record["run"] for record in self._asked("readers_inferred", "rows", rows)}

    def readers_of_datasets(self, datasets: Mapping[str, int]) -> set[str]:
        """Return the same of all versions of datasets (by the origins of their contexts)."""
        rows = [list(row) for row in sorted(datasets.items())]
        return {record["run"] for record in self._asked("readers_of_datasets", "rows", rows)}

    def columns_read(self, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, ColumnLineage]]:
        """Return what executions made of the columns of artifacts, of pairs of artifact and execution; with the latter."""
        rows = [list(pair) for pair in sorted(set(pairs))]
        records = self._asked("columns_read", "rows", rows)
        return [(execution, column_of(*link)) for execution, *link in records]

    def columns_to(self, artifacts: Iterable[int]) -> list[ColumnLineage]:
        """Return what the columns of artifacts were made from."""
        return self._sessions.read(lambda t: columns_to(t, sorted(set(artifacts))))

    def _asked(self, query: str, key: str, items: list[Any], **values: Any) -> list[Record]:
        """Return what a statement answers, asked with some of the items at a time."""

        def work(transaction: Transaction) -> list[Record]:
            found: list[Record] = []
            for start in range(0, len(items), _ITEMS_PER_STATEMENT):
                part = {key: items[start : start + _ITEMS_PER_STATEMENT], **values}
                found += transaction.run(query, part)
            return found

        return self._sessions.read(work) if items else []


def _written(at: str, run: str, version: str) -> LastWritten:
    return LastWritten(at, run, f"version:{version}" if version else f"run:{run}")


def _run(record: Record) -> KnownRun:
    state = None if record["state"] is None else ExecutionState(record["state"])
    read = tuple(_version(*one) for one in record["read"])
    written = tuple(
        _version(*one)._replace(dropped=lifecycle == "DROP")
        for *one, lifecycle in record["written"]
    )
    began = (record["began"] or 0) * 1000
    of_run = (record["id"], record["run"], state, record["ended_at"])
    return KnownRun(*of_run, read, written, began, record["streams"])


def _version(
    artifact: int,
    origin: str | None,
    namespace: Any,
    name: Any,
    version: Any,
    inferred_at: int | None = None,
    at: int | None = None,
) -> KnownVersion:
    dataset = DatasetName(str(namespace or ""), str(name or ""))
    if version is None and inferred_at is None and at is not None:
        inferred_at = at * 1000 + 999  # stored before events said so
    return KnownVersion(artifact, origin or "", dataset, version, inferred_at, at or 0)


def _dataset(record: Record) -> KnownDataset:
    last_at = json.loads(record["told"])["at"] if record["told"] is not None else ""
    last = _last(record["told"], record["ended_at"])
    stream, last_began = None, 0
    if record["streamed"] is not None:
        noted = json.loads(record["streamed"])
        last_began = noted["began"] * 1000
        if noted["began"] == record["began"]:
            told = noted["version"].partition(":")
            version = told[2] if told[0] == "version" else None
            stream = KnownStream(
                record["streamer"], noted["run"], last_began, record["stream_ended"], version
            )
    return KnownDataset(last, last_at, stream, last_began, _aliases(record["aliases"]))


def _aliases(told: str | None) -> tuple[DatasetName, ...]:
    named = json.loads(told) if told is not None else {}
    return tuple(DatasetName(one["namespace"], one["dataset"]) for one in named.values())


def _last(told: str | None, ended_at: str | None) -> LastWritten | None:
    if told is None:
        return None
    noted = json.loads(told)
    if noted["at"] != ended_at:
        return None  # the run that wrote it is no longer complete, or completed later
    return LastWritten(noted["at"], noted["run"], noted["version"])
