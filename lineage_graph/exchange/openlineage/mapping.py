"""From OpenLineage's events to the graph.

| OpenLineage | in the graph |
|---|---|
| run | an execution of type ``openlineage.Run``; its state is what the events say, whatever their order |
| job | a context of type ``job``, to which its runs' executions belong |
| run without a parent, parent run, root run | also a context of type ``run``, part of its job's; the executions of the run and of the runs under it belong to it |
| dataset | a context of type ``dataset``, to which its versions belong |
| version of a dataset | an artifact of type ``Dataset``: one for each namespace, name and version |
| job without a run (JobEvent) | an execution of type ``openlineage.Job`` with declared inputs and outputs |

Where an output's version is not told, the run makes a version of its own. Where an input's is not
told, ``history`` says which was read, and the event says that it was inferred; else it is the dataset as
it was found, an artifact without a version. A dataset says which version was ``last_written``.
Facets are kept whole under their names, dated, so that of each the one told last stands. The
facets of a run's input stay with the run, as ``<facet> of <dataset>``, for others read the same version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from lineage_graph.exchange.gathering import Gathering
from lineage_graph.exchange.known import Dataset, LastWritten
from lineage_graph.exchange.openlineage.columns import Column, columns_of
from lineage_graph.exchange.openlineage.contexts import NOTHING, Contexts, Stored
from lineage_graph.exchange.openlineage.events import (
    Dataset as DatasetOf,
)
from lineage_graph.exchange.openlineage.events import (
    DatasetEvent,
    Event,
    InputDataset,
    Job,
    JobEvent,
    OutputDataset,
    RunEvent,
    RunState,
)
from lineage_graph.exchange.openlineage.history import (
    ENDS,
    History,
    ReadVersion,
    told_version,
    version_key,
    versions_written,
)
from lineage_graph.exchange.openlineage.naming import origin_of, shown, text_of, uri_of
from lineage_graph.exchange.openlineage.outward import PRODUCER
from lineage_graph.exchange.openlineage.plain import Plain, properties_of
from lineage_graph.model import (
    ArtifactState,
    BaseType,
    EventType,
    ExecutionState,
    Kind,
    Node,
    Subgraph,
    Value,
)
from lineage_graph.model.merging import STATE, TOLD

_STATES: Mapping[RunState, ExecutionState] = {
    RunState.START: ExecutionState.RUNNING,
    RunState.RUNNING: ExecutionState.RUNNING,
    RunState.COMPLETE: ExecutionState.COMPLETE,
    RunState.FAIL: ExecutionState.FAILED,
    RunState.ABORT: ExecutionState.CANCELED,
    RunState.OTHER: ExecutionState.UNKNOWN,
}
_WRITTEN = {
    RunState.COMPLETE: ArtifactState.LIVE,
    RunState.FAIL: ArtifactState.ABANDONED,
    RunState.ABORT: ArtifactState.ABANDONED,
}
_OF_DATA = ("dataQualityMetrics", "dataQualityAssertions")  # input facets that describe the data


class _Held:
    """What many events tell alike: told when it comes first, and again if it came at other moments."""

    def __init__(self, same: Any, moment: int, tell: Callable[[int, int], int]) -> None:
        self.same = same
        self.first = self.last = moment
        self._told = (moment, moment)
        self._tell = tell
        self.local = tell(moment, moment)

    def settle(self) -> None:
        """Tell of the first and the last moment, where they are others than the one told."""
        if self._told != (self.first, self.last):
            self._told = (self.first, self.last)
            self._tell(self.first, self.last)


class Mapper:
    """Puts events into a gathering; ``history`` knows which versions were written and read."""

    def __init__(self, gathering: Gathering, history: History, stored: Stored = NOTHING) -> None:
        self._gathering = gathering
        self._history = history
        self.contexts = Contexts(gathering, stored)
        self._held: dict[str, _Held] = {}

    def take(self) -> Subgraph:
        """Return what the events since the last time tell as one subgraph, and begin anew."""
        for held in self._held.values():
            held.settle()
        self._held = {}
        self.contexts.forget()
        return self._gathering.take()

    def _once(self, origin: str, same: Any, moment: int, tell: Callable[[int, int], int]) -> int:
        """Have something told once that many events tell alike, from the first moment to the last."""
        held = self._held.get(origin)
        if held is not None and held.same == same:
            held.first, held.last = min(held.first, moment), max(held.last, moment)
            return held.local
        if held is not None:
            held.settle()
        self._held[origin] = _Held(same, moment, tell)
        return self._held[origin].local

    def add(self, event: Event) -> None:
        """Take in an event."""
        if isinstance(event, RunEvent):
            self._run(event)
        elif isinstance(event, JobEvent):
            self._job_event(event)
        else:
            self._dataset_event(event)

    def _run(self, event: RunEvent) -> None:
        run, job, moment = event.run.run_id, event.job, event.event_time
        at = moment // 1000
        state = event.event_type or RunState.OTHER
        written = versions_written(event)
        properties: Plain = {
            **properties_of(job.facets),
            **properties_of(event.run.facets),
            "namespace": job.namespace,
            "job": job.name,
            "run_id": run,
            "producer": event.producer,
        }
        for read in event.inputs or ():
            properties |= {f"{f} of {read.name}": v for f, v in read.input_facets.items()}  # type: ignore[misc]
        if state in ENDS:
            properties["ended_at"] = text_of(moment)
        execution = self._gathering.execution(
            origin_of("run", run),
            "openlineage.Run",
            name=f"{job.name} {run}",
            state=_STATES[state],
            properties=_dated(properties, moment, state is not RunState.OTHER),
            created=at,
            updated=at,
        )
        self._gathering.associate(execution, self.contexts.job(job.namespace, job.name, at))
        for top in self._runs_above(event, at):
            self._gathering.associate(execution, top)
        columns: dict[Dataset, dict[Column, None]] = {}
        for output in event.outputs or ():
            dataset = Dataset(output.namespace, output.name)
            key = version_key(run, self._history.written(dataset, run) or written[dataset])
            artifact = self._output(output, key, state, moment)
            self._gathering.event(execution, artifact, EventType.OUTPUT, at=at)
            for source, column in columns_of(output.facets, origin_of("dataset", *dataset, key)):
                columns.setdefault(source, {})[column] = None
        for read in event.inputs or ():
            dataset = Dataset(read.namespace, read.name)
            told = told_version(read.facets)
            version = ReadVersion(version_key(run, told), None)
            if told is None:
                version = self._history.read(dataset, run, moment)
            artifact = self._input(dataset, read, version.key, moment)
            self._reads(execution, artifact, at, version)
            self._columns(artifact, columns.pop(dataset, ()))
        if state in ENDS:  # until then an event may yet tell that it reads them
            for dataset, made in columns.items():
                key = self._history.read(dataset, run, moment).key
                self._columns(self._input(dataset, None, key, moment), made)
        self._last_written(event)

    def _reads(self, execution: int, artifact: int, at: int, version: ReadVersion) -> None:
        since = version.inferred_at
        self._gathering.event(execution, artifact, EventType.INPUT, at=at, inferred_at=since)

    # What is stored otherwise than it is now (settling)

    def version(self, dataset: Dataset, key: str, at: int) -> int:
        """Take in a version of which no more is known, at a moment (ms); return its local id."""
        return self._artifact(dataset, key, {}, ArtifactState.UNKNOWN, at * 1000)

    def read(self, run: str, artifact: int, version: ReadVersion, at: int) -> None:
        """Take in that a stored run (its origin) read a version at a moment (ms)."""
        self._reads(self._gathering.stored(Kind.EXECUTION, run), artifact, at, version)

    def tell_again(self, artifact: Node, dataset: Dataset, key: str) -> None:
        """Take in that what was told of an artifact is told of this version."""
        origin = origin_of("dataset", *dataset, key)
        self._gathering.node(artifact.model_copy(update={"id": None, "origin": origin}))

    def _columns(self, artifact: int, columns: Iterable[Column]) -> None:
        """Take in what was made of the columns of a version."""
        for column in columns:
            target = self._gathering.stored(Kind.ARTIFACT, column.target)
            self._gathering.column(artifact, column.source_column, target, *column[2:])

    def _last_written(self, event: RunEvent) -> None:
        """Note on the datasets a run wrote which version that is, where the run completed."""
        run = event.run.run_id
        completed = self._history.completed(run)
        if completed is None:
            return
        written = self._history.outputs(run)
        if event.event_type is not RunState.COMPLETE:
            mentioned = {Dataset(output.namespace, output.name) for output in event.outputs or ()}
            written = {dataset: told for dataset, told in written.items() if dataset in mentioned}
        for dataset, told in written.items():
            last = LastWritten(text_of(completed), run, version_key(run, told))
            self.contexts.written(dataset, event.event_time // 1000, last, completed)

    def _runs_above(self, event: RunEvent, at: int) -> list[int]:
        """Return the contexts of the runs an event belongs to: its parent's and root's, else its own."""
        parent: Any = event.run.facets.get("parent")
        if parent is None or parent.get("_deleted") is True:
            return [self.contexts.run(event.run.run_id, event.job.namespace, event.job.name, at)]
        found = []
        for above in filter(None, (parent, parent.get("root"))):
            job = above["job"]
            found.append(
                self.contexts.run(above["run"]["runId"], job["namespace"], job["name"], at)
            )
        return found

    def _input(self, dataset: Dataset, read: InputDataset | None, key: str, moment: int) -> int:
        facets: dict[str, Any] = {}
        if read is not None:
            of_data = {k: v for k, v in read.input_facets.items() if k in _OF_DATA}
            facets = {**read.facets, **of_data}
        return self._artifact(dataset, key, facets, ArtifactState.UNKNOWN, moment)

    def _output(self, output: OutputDataset, key: str, state: RunState, moment: int) -> int:
        dataset = Dataset(output.namespace, output.name)
        facets: dict[str, Any] = {**output.facets, **output.output_facets}
        became = _WRITTEN.get(state, ArtifactState.PENDING)
        change: Any = facets.get("lifecycleStateChange", {})
        if became is ArtifactState.LIVE and change.get("lifecycleStateChange") == "DROP":
            became = ArtifactState.DELETED
        return self._artifact(dataset, key, facets, became, moment)

    def _artifact(
        self,
        dataset: Dataset,
        key: str,
        facets: Mapping[str, Any],
        state: ArtifactState,
        moment: int,
        producer: str | None = None,
    ) -> int:
        """Take in a version of a dataset, or the dataset as it was found (an empty key)."""
        namespace, name = dataset
        origin = origin_of("dataset", namespace, name, key)

        def tell(first: int, last: int) -> int:
            named: Plain = {"namespace": namespace, "dataset": name, "producer": producer}
            properties = {**properties_of(facets), **named}
            version = key.partition(":")[2]
            artifact = self._gathering.artifact(
                origin,
                "Dataset",
                base=BaseType.DATASET,
                name=shown(namespace, f"{name} @ {version}" if version else name),
                uri=uri_of(dataset),
                state=state,
                properties=_dated(properties, last, state is not ArtifactState.UNKNOWN),
                created=first // 1000,
                updated=last // 1000,
            )
            self._gathering.attribute(artifact, self.contexts.dataset(dataset, first // 1000))
            return artifact

        return self._once(origin, (facets, state, producer), moment, tell)

    def _job_event(self, event: JobEvent) -> None:
        job: Job = event.job
        at = event.event_time // 1000
        properties: Plain = {
            **properties_of(job.facets),
            "namespace": job.namespace,
            "job": job.name,
            "producer": event.producer,
        }
        execution = self._gathering.execution(
            origin_of("job", job.namespace, job.name),
            "openlineage.Job",
            name=shown(job.namespace, job.name),
            properties=_dated(properties, event.event_time),
            created=at,
            updated=at,
        )
        self._gathering.associate(execution, self.contexts.job(job.namespace, job.name, at))
        own = f"job:{shown(job.namespace, job.name)}"  # a version of its own, so that jobs never make a circle
        written = versions_written(event)
        read: dict[Dataset, int] = {}
        for declared, link in (
            (event.inputs or (), EventType.DECLARED_INPUT),
            (event.outputs or (), EventType.DECLARED_OUTPUT),
        ):
            for item in declared:
                dataset = Dataset(item.namespace, item.name)
                told = told_version(item.facets) if link.is_input else written[dataset]
                key = f"version:{told}" if told else "" if link.is_input else own
                artifact = self._artifact(
                    dataset, key, item.facets, ArtifactState.UNKNOWN, event.event_time
                )
                self._gathering.event(execution, artifact, link, at=at)
                if link.is_input:
                    read[dataset] = artifact
                    continue
                origin = origin_of("dataset", *dataset, key)
                for source, column in columns_of(item.facets, origin):
                    if source in read:
                        self._columns(read[source], [column])

    def _dataset_event(self, event: DatasetEvent) -> None:
        told: DatasetOf = event.dataset
        version = told_version(told.facets)
        key = "" if version is None else f"version:{version}"
        dataset = Dataset(told.namespace, told.name)
        # ``producer`` says that it was told of for itself, not only where a run read it; what we
        # wrote ourselves also tells what was told in between.
        producer = None if event.producer == PRODUCER else event.producer
        self._artifact(dataset, key, told.facets, ArtifactState.UNKNOWN, event.event_time, producer)


def _dated(
    properties: Mapping[str, Value | None], moment: int, state: bool = False
) -> dict[str, Value | None]:
    """Return the properties that have a value, and when they were told."""
    kept = {name: value for name, value in properties.items() if value is not None}
    told = dict.fromkeys((*kept, STATE) if state else kept, moment)
    return {**kept, TOLD: told}
