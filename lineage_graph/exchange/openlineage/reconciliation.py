"""What events mean for what a store holds already: so that the order in which they come makes no difference.

Before events are put into a gathering, the store is asked what it knows of their runs and datasets, and
the history learns it. Where they change which version a stored run is inferred to have read (a
run that wrote the dataset in between is told of late, say), that run is told of anew, and the event that
does not hold any more is taken back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from lineage_graph.exchange.openlineage.aliases import aliases_of, old_names
from lineage_graph.exchange.openlineage.events import Event, RunEvent
from lineage_graph.exchange.openlineage.history import (
    ReadVersion,
    VersionHistory,
    told_of,
    version_key,
)
from lineage_graph.exchange.openlineage.mapping import Mapper
from lineage_graph.exchange.openlineage.naming import moment_of, origin_of, text_of
from lineage_graph.exchange.openlineage.streams import Stream
from lineage_graph.exchange.store_lookup import (
    Before,
    DatasetName,
    KnownDataset,
    KnownRun,
    KnownStream,
    KnownVersion,
    StoreLookup,
)
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import Artifact, ColumnLineage, EventType, Kind
from lineage_graph.model import Event as Link


class _Moved(NamedTuple):
    """A stored link between a run and a version that is to lead to another version."""

    run: str
    execution: int
    old: KnownVersion
    new: ReadVersion
    is_input: bool


class _Wrote(NamedTuple):
    """A run wrote a dataset that it was not known to have written, since a moment (µs)."""

    dataset: DatasetName
    run: str
    moment: int


class Reconciliation:
    """Learns what a store knows of some events, and tells what they change of it."""

    def __init__(
        self, history: VersionHistory, known: StoreLookup, events: Sequence[Event]
    ) -> None:
        self._history = history
        self._known = known
        told = [event for event in events if isinstance(event, RunEvent)]
        self._runs = {origin_of("run", event.run.run_id): event.run.run_id for event in told}
        self._names = frozenset(self._runs.values())
        self._stored = known.runs_told(self._runs)
        reads = {
            (DatasetName(read.namespace, read.name), event.run.run_id)
            for event in told
            for read in event.inputs or ()
        } | {(read.dataset, run.run) for run in self._stored.values() for read in run.read}
        reads |= {(dataset, event.run.run_id) for event in told for dataset in old_names(event)}
        datasets = {dataset for dataset, _ in reads} | {
            DatasetName(written.namespace, written.name)
            for event in told
            for written in event.outputs or ()
        }
        for run in self._stored.values():
            datasets |= {written.dataset for written in run.written}
        pairs = {pair for event in events for pair in aliases_of(event)}
        self._datasets: dict[str, KnownDataset] = {}
        self._looked_up: set[DatasetName] = set()
        self._streamed: dict[str, DatasetName] = {}
        self._streams_known: set[str] = set()
        self._look_up(datasets.union(*pairs))
        self._joined = {pair for pair in pairs if not history.holds_alias(pair)}
        self._learn(self._stored.values())
        self._ask(reads)
        self._readers = self._changed_readers()
        self._learn(self._readers.values())
        read = {(v.dataset, run.run) for run in self._readers.values() for v in run.read}
        self._look_up({dataset for dataset, _ in read})  # what else those runs read
        self._ask(read)

    def tell(self, mapper: Mapper, gathering: SubgraphBuilder) -> None:
        """Tell what is stored otherwise than it is now; after the events, which may tell it themselves."""
        moved = list(self._moved())
        if not moved:
            return
        places: dict[tuple[int, int], int] = {}
        for one in moved:
            of_type = EventType.INPUT if one.is_input else EventType.OUTPUT
            ends = {"artifact_id": one.old.artifact, "execution_id": one.execution}
            gathering.take_back(Link.built(type=of_type, **ends))
            place = mapper.version(one.new.dataset, one.new.key, one.old.at)
            if one.is_input:
                mapper.read(one.run, place, one.new, one.old.at)
            places[one.old.artifact, one.execution] = place
        replaced = {one.old.artifact: one for one in moved if _is_replaced(one)}
        self._move_columns(
            places, {one.old.artifact for one in moved if not one.is_input}, gathering
        )
        for node in self._known.get(Kind.ARTIFACT, replaced):
            assert isinstance(node, Artifact)
            one = replaced[node.id or 0]
            mapper.tell_again(node, one.new.dataset, one.new.key)
            is_alone = node.custom_properties.get("producer") is not None or (
                _is_found(one.old) and mapper.is_told_alone(one.old.dataset)
            )
            if not is_alone:
                gathering.take_back(node.ref)

    def _move_columns(
        self, places: Mapping[tuple[int, int], int], written: set[int], gathering: SubgraphBuilder
    ) -> None:
        """Have columns lead from and to what takes the places of versions of runs, by the ids of both."""
        targets = {old: place for (old, _), place in places.items() if old in written}
        moved: dict[ColumnLineage, tuple[int, int]] = {
            column: (column.source_id, targets[column.target_id])
            for column in self._known.columns_to(targets)
        }
        for execution, column in self._known.columns_read(places):
            source = places[column.source_id, execution]
            moved[column] = (source, targets.get(column.target_id, column.target_id))
        for column, (source, target) in moved.items():
            gathering.take_back(column)
            gathering.column(
                source, column.source_column, target, column.target_column, column.kind
            )

    # What is known

    def _learn(self, runs: Iterable[KnownRun]) -> None:
        """Have the history learn what is stored of runs."""
        learned = []
        for run in runs:
            learned.append(run.run)
            for version in run.read:
                told = version.version if version.inferred_at is None else None
                self._history.note_input(run.run, version.dataset, version.inferred_at, told)
            for version in run.written:
                self._history.note_output(
                    run.run, version.dataset, version.version, version.dropped
                )
            if run.ended is not None:
                self._history.note_end(run.run, moment_of(run.ended), run.state)
            self._history.note_began(run.run, run.began, run.streams)
        self._history.finish(learned)

    def _look_up(self, datasets: Iterable[DatasetName]) -> None:
        """Have it known what is stored of datasets, and of their other names; those of which nothing is stay out."""
        waiting = set(datasets) - self._looked_up
        while waiting:
            self._looked_up |= waiting
            named = {origin_of("dataset", *dataset): dataset for dataset in waiting}
            found = self._known.datasets_told(named)
            self._datasets |= found
            for origin, dataset in named.items():
                for alias in found[origin].aliases if origin in found else ():
                    pair = (min(dataset, alias), max(dataset, alias))
                    self._history.note_alias(pair, stored=True)
            names = {name for dataset in waiting for name in self._history.names(dataset)}
            waiting = names - self._looked_up

    def _ask(self, pairs: Iterable[tuple[DatasetName, str]]) -> None:
        """Have the history learn what was written last before runs read datasets."""
        asked: dict[Before, DatasetName] = {}
        for dataset, run in pairs:
            before = self._history.before(dataset, run)
            for name in self._history.names(dataset) if before is not None else ():
                question = self._to_ask(name, before or 0)
                if question is not None:
                    asked[question] = name
        self._note(asked)

    def _to_ask(self, dataset: DatasetName, moment: int) -> Before | None:
        """Have the history learn what was written last before a moment; return what is to be asked to know it."""
        origin = origin_of("dataset", *dataset)
        if origin not in self._datasets:
            return None  # nothing is stored of it
        self._learn_stream(dataset, origin, moment)
        last = self._datasets[origin].last
        if last is not None:
            at = moment_of(last.at)
            is_so = self._history.completed(last.run) == at
            if last.run not in self._names:
                self._history.note_version(last.run, dataset, at, told_of(last.key))
                is_so = True
            if is_so and at < moment:
                return None
        return Before(origin, text_of(moment))

    def _learn_stream(self, dataset: DatasetName, origin: str, moment: int) -> None:
        """Have the history learn which run that streams began last before a moment; or note that it is to be asked."""
        known = self._datasets[origin]
        if not known.last_began or origin in self._streams_known:
            return
        last = known.stream
        if last is not None:
            is_so = last.run not in self._names
            if is_so:
                self._note_stream(dataset, last)
            else:
                told = self._history.stream(last.run)
                is_so = told is not None and told.began == last.began
            if is_so and last.began < moment:
                return
        self._streamed[origin] = dataset

    def _note_stream(self, dataset: DatasetName, told: KnownStream) -> None:
        ended = None if told.ended is None else moment_of(told.ended)
        stream = Stream(told.began, ended)
        self._history.note_stream(told.run, dataset, stream, told.version)

    def _note(self, asked: dict[Before, DatasetName]) -> None:
        # Of the runs told of here, only those stored can be found; what they tell now stands.
        if self._streamed:
            streams = self._known.streams_of(self._streamed)
            for origin, dataset in self._streamed.items():
                for stream in streams.get(origin, ()):
                    if stream.writer not in self._stored:
                        self._note_stream(dataset, stream)
            self._streams_known |= self._streamed.keys()
            self._streamed = {}
        found = self._known.written_before(asked, self._stored) if asked else {}
        for question, last in found.items():
            self._history.note_version(
                last.run, asked[question], moment_of(last.at), told_of(last.key)
            )

    # What changes

    def _changed_readers(self) -> dict[str, KnownRun]:
        """Return stored runs that may have read other versions than it was inferred until now."""
        looked_at: dict[str, int] = {}
        completed: list[_Wrote] = []
        begun: list[_Wrote] = []
        for origin, run in self._runs.items():
            stored = self._stored.get(origin)
            was, now = stored and stored.completed, self._history.completed(run)
            is_same = (None if now is None else text_of(now)) == was
            streamed, streams = stored and _stream_of(stored), self._history.stream(run)
            is_other = (was and not is_same) or (streamed and streams != streamed)
            for version in stored.written if stored else ():
                told = self._history.written(version.dataset, run)
                if is_other or told != version.version:
                    looked_at[version.origin] = -1
            told_before = {v.dataset for v in stored.written} if stored else set()
            outputs = self._history.outputs(run).keys()
            if now is not None:
                fresh = outputs - told_before if is_same else outputs
                completed += [_Wrote(dataset, run, now) for dataset in fresh]
            if streams is not None:
                fresh = outputs if streams.grew_from(streamed) else outputs - told_before
                begun += [_Wrote(dataset, run, streams.began) for dataset in fresh]
        asked: dict[Before, DatasetName] = {}
        for one in (*completed, *begun):
            for name in self._history.names(one.dataset):
                question = self._to_ask(name, one.moment + 1)  # or in the same moment
                if question is not None:
                    asked[question] = name
        self._note(asked)
        for one in completed:
            self._look_at(looked_at, one)
        whole = {origin_of("dataset", *name): -1 for name in self._names_joined()}
        for one in begun:
            datasets = [origin_of("dataset", *name) for name in self._history.names(one.dataset)]
            if not any(self._is_late(origin, one.moment) for origin in datasets):
                self._look_at(looked_at, one)
                continue
            for origin in datasets:
                whole[origin] = min(one.moment, whole.get(origin, one.moment))
        origins = self._known.readers(looked_at) if looked_at else set()
        origins |= self._known.readers_of_datasets(whole) if whole else set()
        return self._known.runs_told(origins - self._runs.keys())

    def _look_at(self, looked_at: dict[str, int], one: _Wrote) -> None:
        """Note who is to be asked for its readers: what was written before."""
        found = self._history.candidates(one.dataset, one.moment + 1, one.run)
        versions = [(version.dataset, version.key) for *_, version in found]
        for name, key in versions or [(name, "") for name in self._history.names(one.dataset)]:
            origin = origin_of("dataset", *name, key)
            looked_at[origin] = min(one.moment, looked_at.get(origin, one.moment))

    def _is_late(self, origin: str, moment: int) -> bool:
        """Say whether a dataset may have been written after a moment, as far as it is stored."""
        known = self._datasets.get(origin)
        return known is not None and (known.last_began > moment or known.last_at > text_of(moment))

    def _names_joined(self) -> set[DatasetName]:
        """Return all names of the datasets of which it was not known that they are one."""
        return {name for pair in self._joined for name in self._history.names(pair[0])}

    def _moved(self) -> Iterator[_Moved]:
        for run in (*self._stored.values(), *self._readers.values()):
            origin = origin_of("run", run.run)
            for old in run.read:
                if old.inferred_at is None:
                    continue
                new = self._history.read(old.dataset, run.run, old.inferred_at)
                if (old.origin, old.inferred_at) != (
                    origin_of("dataset", *new.dataset, new.key),
                    new.inferred_at,
                ):
                    yield _Moved(origin, run.id, old, new, is_input=True)
            for old in run.written:
                key = version_key(run.run, self._history.written(old.dataset, run.run))
                if old.origin != origin_of("dataset", *old.dataset, key):
                    new = ReadVersion(old.dataset, key, None)
                    yield _Moved(origin, run.id, old, new, is_input=False)


def _stream_of(run: KnownRun) -> Stream | None:
    """Return when a stored run that streams began and ended."""
    if not run.streams:
        return None
    return Stream(run.began, None if run.ended is None else moment_of(run.ended))


def _is_replaced(moved: _Moved) -> bool:
    """Say whether it is a version nobody told: as a run would have written it, or as it was found."""
    return moved.old.version is None and (_is_found(moved.old) or not moved.is_input)


def _is_found(version: KnownVersion) -> bool:
    """Say whether it is a dataset as it was found, without a version."""
    return version.origin == origin_of("dataset", *version.dataset, "")
