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
told, ``history`` says which was read, else it is the dataset as it was found, an artifact without a version.
Facets are kept whole under their names, dated, so that of each the one told last stands. The
facets of a run's input stay with the run, as ``<facet> of <dataset>``, for others read the same version.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from lineage_graph.exchange.gathering import Gathering
from lineage_graph.exchange.openlineage.columns import Column, columns_of
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
    Dataset,
    History,
    told_version,
    version_key,
    versions_written,
)
from lineage_graph.exchange.openlineage.naming import origin_of, shown, text_of, unescaped, uri_of
from lineage_graph.exchange.openlineage.plain import Plain, properties_of
from lineage_graph.model import (
    ArtifactState,
    BaseType,
    EventType,
    ExecutionState,
    Kind,
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
_ENDED = (RunState.COMPLETE, RunState.FAIL, RunState.ABORT)
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


class Reading(NamedTuple):
    """An input whose version is not told: ``question`` asks a store for it (``Store.versions_read``).

    ``read`` is None where only its columns are told of; ``columns`` is what was made of them.
    """

    question: tuple[str, str, str]
    dataset: Dataset
    read: InputDataset | None
    moment: int
    columns: tuple[Column, ...] = ()


class Mapper:
    """Puts events into a gathering.

    Without a ``history`` inputs whose version is not told are put off: take them with
    ``take_readings``, and ``link`` each once it is known what was read.
    """

    def __init__(self, gathering: Gathering, history: History | None = None) -> None:
        self._gathering = gathering
        self._history = history
        self._readings: list[Reading] = []
        self._held: dict[str, _Held] = {}

    def take(self) -> Subgraph:
        """Return what the events since the last time tell as one subgraph, and begin anew."""
        for _ in range(2):  # settling a version tells more of its dataset
            for held in list(self._held.values()):
                held.settle()
        self._held = {}
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

    def take_readings(self) -> list[Reading]:
        """Return the inputs that were put off, and begin anew."""
        readings, self._readings = self._readings, []
        return readings

    def link(self, reading: Reading, version: str | None) -> None:
        """Take in an input that was put off; ``version`` is the origin of what was read, if known."""
        _, run, _ = reading.question
        start = origin_of("dataset", *reading.dataset, "")
        if version is None or version.startswith(start):
            key = "" if version is None else unescaped(version[len(start) :])
            artifact = self._input(reading.dataset, reading.read, key, reading.moment)
        else:  # a digest stands for a long origin: its facets are those its writer told
            artifact = self._gathering.stored(Kind.ARTIFACT, version)
        if reading.read is not None:
            execution = self._gathering.stored(Kind.EXECUTION, run)
            self._gathering.event(execution, artifact, EventType.INPUT, at=reading.moment // 1000)
        self._columns(artifact, reading.columns)

    def _columns(self, artifact: int, columns: Iterable[Column]) -> None:
        """Take in what was made of the columns of what was read."""
        for column in columns:
            target = self._gathering.stored(Kind.ARTIFACT, column.target)
            self._gathering.column(artifact, column.source_column, target, *column[2:])

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
        if state in _ENDED:
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
        self._gathering.associate(execution, self._job(job.namespace, job.name, at))
        for top in self._runs_above(event, at):
            self._gathering.associate(execution, top)
        made: dict[Dataset, dict[Column, None]] = {}
        for output in event.outputs or ():
            key = self._written(output, run, written)
            artifact = self._output(output, key, state, moment)
            self._gathering.event(execution, artifact, EventType.OUTPUT, at=at)
            origin = origin_of("dataset", output.namespace, output.name, key)
            for source, column in columns_of(output.facets, origin):
                made.setdefault(source, {})[column] = None
        for read in event.inputs or ():
            dataset = Dataset(read.namespace, read.name)
            self._reading(dataset, read, execution, event, made.pop(dataset, ()))
        if state in _ENDED:  # until then an event may yet tell that it reads them
            for dataset, columns in made.items():
                self._reading(dataset, None, execution, event, columns)

    def _reading(
        self,
        dataset: Dataset,
        read: InputDataset | None,
        execution: int,
        event: RunEvent,
        columns: Iterable[Column],
    ) -> None:
        """Take in an input, or only its columns; or put it off where it is not told which version it is."""
        run, moment = event.run.run_id, event.event_time
        told = None if read is None else told_version(read.facets)
        if told is None and self._history is None:
            question = (origin_of("dataset", *dataset), origin_of("run", run), text_of(moment))
            self._readings.append(Reading(question, dataset, read, moment, tuple(columns)))
            return
        if told is None and self._history is not None:
            key = self._history.read(dataset, run, moment)
        else:
            key = version_key(run, told)
        artifact = self._input(dataset, read, key, moment)
        if read is not None:
            self._gathering.event(execution, artifact, EventType.INPUT, at=moment // 1000)
        self._columns(artifact, columns)

    def _runs_above(self, event: RunEvent, at: int) -> list[int]:
        """Return the contexts of the runs an event belongs to: its parent's and root's, else its own."""
        parent: Any = event.run.facets.get("parent")
        if parent is None or parent.get("_deleted") is True:
            return [self._run_context(event.run.run_id, event.job.namespace, event.job.name, at)]
        found = []
        for above in filter(None, (parent, parent.get("root"))):
            job = above["job"]
            found.append(
                self._run_context(above["run"]["runId"], job["namespace"], job["name"], at)
            )
        return found

    def _run_context(self, run: str, namespace: str, job: str, at: int) -> int:
        properties: Plain = {"run_id": run, "namespace": namespace, "job": job}
        origin = origin_of("run", run)
        context = self._context(origin, "run", f"{job} {run}", properties, at)
        self._gathering.nest(context, self._job(namespace, job, at))
        return context

    def _job(self, namespace: str, name: str, at: int) -> int:
        properties: Plain = {"namespace": namespace, "job": name, "display_name": name}
        origin = origin_of("job", namespace, name)
        return self._context(origin, "job", shown(namespace, name), properties, at)

    def _context(self, origin: str, type: str, name: str, properties: Plain, at: int) -> int:
        def tell(first: int, last: int) -> int:
            return self._gathering.context(
                origin, type, name, properties=properties, created=first, updated=last
            )

        return self._once(f"{type} {origin}", name, at, tell)

    def _input(self, dataset: Dataset, read: InputDataset | None, key: str, moment: int) -> int:
        facets: dict[str, Any] = {}
        if read is not None:
            of_data = {k: v for k, v in read.input_facets.items() if k in _OF_DATA}
            facets = {**read.facets, **of_data}
        return self._artifact(dataset, key, facets, ArtifactState.UNKNOWN, moment)

    def _written(
        self, output: OutputDataset, run: str, written: Mapping[Dataset, str | None]
    ) -> str:
        """Return the key of the version that a run wrote."""
        dataset = Dataset(output.namespace, output.name)
        told = None if self._history is None else self._history.written(dataset, run)
        return version_key(run, told or written[dataset])

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
    ) -> int:
        """Take in a version of a dataset, or the dataset as it was found (an empty key)."""
        namespace, name = dataset
        origin = origin_of("dataset", namespace, name, key)

        def tell(first: int, last: int) -> int:
            properties = {**properties_of(facets), "namespace": namespace, "dataset": name}
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
            for at in (first // 1000, last // 1000):
                self._gathering.attribute(artifact, self._dataset(dataset, at))
            return artifact

        return self._once(origin, (facets, state), moment, tell)

    def _dataset(self, dataset: Dataset, at: int) -> int:
        namespace, name = dataset
        properties: Plain = {"namespace": namespace, "dataset": name}
        origin = origin_of("dataset", namespace, name)
        return self._context(origin, "dataset", shown(namespace, name), properties, at)

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
        self._gathering.associate(execution, self._job(job.namespace, job.name, at))
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
        self._artifact(dataset, key, told.facets, ArtifactState.UNKNOWN, event.event_time)


def _dated(
    properties: Mapping[str, Value | None], moment: int, state: bool = False
) -> dict[str, Value | None]:
    """Return the properties that have a value, and when they were told."""
    kept = {name: value for name, value in properties.items() if value is not None}
    told = dict.fromkeys((*kept, STATE) if state else kept, moment)
    return {**kept, TOLD: told}
