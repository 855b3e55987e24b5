"""From OpenLineage's events to the graph.

| OpenLineage | in the graph |
|---|---|
| run | an execution of type ``openlineage.Run``; its state is what the events say, whatever their order |
| job | a context of type ``job``, to which its runs' executions belong |
| run without a parent, parent run, root run | also a context of type ``run``, part of its job's; the executions of the run and of the runs under it belong to it |
| dataset | a context of type ``dataset``, to which its versions belong |
| version of a dataset | an artifact of type ``DatasetName``: one for each namespace, name and version |
| job without a run (JobEvent) | an execution of type ``openlineage.Job`` with declared inputs and outputs |

Where an output's version is not told, the run makes a version of its own. Where an input's is not
told, ``history`` says which was read, and the event says that it was inferred; else it is the dataset as
it was found, an artifact without a version. A dataset says which version was ``last_written``.
Facets are kept whole under their names, dated, so that of each the one told last stands. The
facets of a run's input stay with the run, as ``<facet> of <dataset>``, for others read the same version.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from lineage_graph.exchange.openlineage.aliases import aliases_of, old_names
from lineage_graph.exchange.openlineage.claims import claims_above
from lineage_graph.exchange.openlineage.columns import ColumnKey, columns_of
from lineage_graph.exchange.openlineage.contexts import NOTHING, Contexts, Stored, What
from lineage_graph.exchange.openlineage.events import (
    Dataset as DatasetOf,
)
from lineage_graph.exchange.openlineage.events import (
    DatasetEvent,
    Event,
    InputDataset,
    Job,
    JobEvent,
    RunEvent,
    RunState,
)
from lineage_graph.exchange.openlineage.facet_properties import Plain, properties_of
from lineage_graph.exchange.openlineage.history import (
    ENDS,
    ReadVersion,
    VersionHistory,
    told_of,
    told_version,
    version_key,
    versions_written,
)
from lineage_graph.exchange.openlineage.naming import origin_of, shown, text_of, uri_of
from lineage_graph.exchange.openlineage.naming_out import PRODUCER
from lineage_graph.exchange.openlineage.node_states import NodeState
from lineage_graph.exchange.openlineage.tags import JOB_TAGS, TAGS, tagged
from lineage_graph.exchange.store_lookup import DatasetName, LastWritten
from lineage_graph.exchange.store_lookup import JobName as KnownJob
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    BaseType,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Subgraph,
)

_STATES: Mapping[RunState, ExecutionState | None] = {
    RunState.START: ExecutionState.RUNNING,
    RunState.RUNNING: ExecutionState.RUNNING,
    RunState.COMPLETE: ExecutionState.COMPLETE,
    RunState.FAIL: ExecutionState.FAILED,
    RunState.ABORT: ExecutionState.CANCELED,
    RunState.OTHER: None,
}
_OF_NAME = ("namespace", "dataset", "symlinks", "also_known_as")  # told of one of its names
_OF_DATA = ("dataQualityMetrics", "dataQualityAssertions")  # input facets that describe the data


_DATASET = ArtifactType(name="Dataset", base_type=BaseType.DATASET)
_RUN, _JOB = ExecutionType(name="openlineage.Run"), ExecutionType(name="openlineage.Job")


class _Ran(NamedTuple):
    type: ExecutionType
    name: str
    told: NodeState[ExecutionState]


class Mapper:
    """Puts events into a gathering; ``history`` knows which versions were written and read.

    What many events tell of one node is collected, and told once when all is taken; ``told`` are then the
    contexts that were told of (``Contexts.told``).
    """

    def __init__(
        self, gathering: SubgraphBuilder, history: VersionHistory, stored: Stored = NOTHING
    ) -> None:
        self._gathering = gathering
        self._history = history
        self._contexts = Contexts(gathering, stored)
        self._versions: dict[tuple[str, str, str], NodeState[ArtifactState]] = {}
        self._executions: dict[str, _Ran] = {}
        self.told: Mapping[str, tuple[What, int]] = {}

    def take(self) -> Subgraph:
        """Return what the events since the last time tell as one subgraph, and begin anew."""
        for version, told in self._versions.items():
            self._gather_version(*version, told)
        for origin, ran in self._executions.items():
            self._gather_execution(origin, ran)
        self._versions, self._executions = {}, {}
        self.told = self._contexts.take()
        return self._gathering.take()

    def _gather_version(
        self, namespace: str, name: str, key: str, told: NodeState[ArtifactState]
    ) -> None:
        version = key.partition(":")[2]
        self._gathering.define(_DATASET)
        self._gathering.node(
            Artifact.built(
                origin=origin_of("dataset", namespace, name, key),
                type=_DATASET.name,
                name=shown(namespace, f"{name} @ {version}" if version else name),
                uri=uri_of(DatasetName(namespace, name)),
                state=told.state,
                properties={},
                custom_properties=told.properties(),
                **told.times(),
            )
        )
        context = self._contexts.dataset(DatasetName(namespace, name), told.first // 1000)
        self._gathering.attribute(told.local, context)

    def _gather_execution(self, origin: str, ran: _Ran) -> None:
        self._gathering.define(ran.type)
        self._gathering.node(
            Execution.built(
                origin=origin,
                type=ran.type.name,
                name=ran.name,
                last_known_state=ran.told.state,
                properties={},
                custom_properties=ran.told.properties(),
                **ran.told.times(),
            )
        )

    def add(self, event: Event) -> None:
        """Take in an event."""
        for pair in aliases_of(event):
            if not self._history.holds_alias(pair):
                self._contexts.alias(pair, event.event_time // 1000)
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
        of_job = {JOB_TAGS if name == TAGS else name: f for name, f in job.facets.items()}
        properties: Plain = {
            **properties_of(of_job),
            **properties_of(event.run.facets),
            "namespace": job.namespace,
            "job": job.name,
            "run_id": run,
            "producer": event.producer or None,
        }
        for read in event.inputs or ():
            properties |= {f"{f} of {read.name}": v for f, v in read.input_facets.items()}  # type: ignore[misc]
        if state in ENDS:
            properties["ended_at"] = text_of(moment)
        ran = self._execution(origin_of("run", run), _RUN, f"{job.name} {run}", moment)
        ran.tell(properties, moment)
        ran.become(_STATES[state], 0 if state is RunState.OTHER else moment)
        execution = ran.local
        self._gathering.associate(execution, self._contexts.job(job.namespace, job.name, at))
        self._tags_of(job, moment)
        for top in self._runs_above(event, at):
            self._gathering.associate(execution, top)
        columns: dict[DatasetName, dict[ColumnKey, None]] = {}
        for output in event.outputs or ():
            dataset = DatasetName(output.namespace, output.name)
            key = version_key(run, self._history.written(dataset, run) or written[dataset])
            facets: dict[str, Any] = {**output.facets, **output.output_facets}
            artifact = self._artifact(dataset, key, facets, ArtifactState.PENDING, moment)
            self._end_of(dataset, key, run, moment)
            self._gathering.event(execution, artifact, EventType.OUTPUT, at=at)
            for source, column in columns_of(output.facets, origin_of("dataset", *dataset, key)):
                columns.setdefault(source, {})[column] = None
        reads = [(DatasetName(read.namespace, read.name), read) for read in event.inputs or ()]
        for dataset, mention in (*reads, *((old, None) for old in old_names(event))):
            named = None if mention is None else told_version(mention.facets)
            version = ReadVersion(dataset, version_key(run, named), None)
            if named is None:
                version = self._history.read(dataset, run, moment)
            artifact = self._input(version.dataset, mention, version.key, moment)
            self._reads(execution, artifact, at, version)
            self._columns(artifact, columns.pop(dataset, ()))
        if state in ENDS:  # until then an event may yet tell that it reads them
            for dataset, made in columns.items():
                version = self._history.read(dataset, run, moment)
                self._columns(self._input(version.dataset, None, version.key, moment), made)
            for dataset, told in self._history.outputs(run).items():  # also what it names no more
                self._end_of(dataset, version_key(run, told), run, moment)
        self._last_written(event)
        stream = self._history.stream(run)
        if stream is not None:
            for dataset, told in self._history.outputs(run).items():
                self._contexts.streamed(dataset, stream.began, run, version_key(run, told))

    def _tags_of(self, job: Job, moment: int) -> None:
        facets: Mapping[str, Any] = job.facets
        if TAGS in facets:
            self._contexts.tagged(job.namespace, job.name, tagged(facets[TAGS]), moment)

    def _end_of(self, dataset: DatasetName, key: str, run: str, moment: int) -> None:
        """Take in what became of a version that a run was told to write, where the run has ended."""
        end = self._history.end(run, dataset)
        if end is not None:
            version = self._version(dataset, key, moment)
            version.mention(end.moment)
            version.become(end.made, end.moment)

    def _reads(self, execution: int, artifact: int, at: int, version: ReadVersion) -> None:
        since = version.inferred_at
        self._gathering.event(execution, artifact, EventType.INPUT, at=at, inferred_at=since)

    # What is stored otherwise than it is now (settling)

    def version(self, dataset: DatasetName, key: str, at: int) -> int:
        """Take in a version of which no more is known, at a moment (ms); return its local id."""
        return self._artifact(dataset, key, {}, None, at * 1000)

    def read(self, run: str, artifact: int, version: ReadVersion, at: int) -> None:
        """Take in that a stored run (its origin) read a version at a moment (ms)."""
        self._reads(self._gathering.stored(Kind.EXECUTION, run), artifact, at, version)

    def is_told_alone(self, dataset: DatasetName) -> bool:
        """Say whether a dataset, as it was found, was told of by itself (``producer``) since the last time."""
        told = self._versions.get((*dataset, ""))
        return told is not None and "producer" in told.properties()

    def tell_again(self, artifact: Artifact, dataset: DatasetName, key: str) -> None:
        """Take in that what was told of an artifact is told of this version."""
        moment = (artifact.create_time_since_epoch or 0) * 1000
        known = artifact.custom_properties
        if dataset != (known.get("namespace"), known.get("dataset")):
            left = {k: v for k, v in known.items() if k not in _OF_NAME}
            artifact = artifact.model_copy(update={"custom_properties": left})
        self._version(dataset, key, moment).learn(artifact, artifact.state)

    def _columns(self, artifact: int, columns: Iterable[ColumnKey]) -> None:
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
            mentioned = {
                DatasetName(output.namespace, output.name) for output in event.outputs or ()
            }
            written = {dataset: told for dataset, told in written.items() if dataset in mentioned}
        for dataset, told in written.items():
            last = LastWritten(text_of(completed), run, version_key(run, told))
            self._contexts.written(dataset, last, completed)

    def _runs_above(self, event: RunEvent, at: int) -> list[int]:
        """Return the contexts of the runs an event belongs to: its parent's and root's, else its own."""
        own = event.run.run_id, KnownJob(event.job.namespace, event.job.name)
        return [self._contexts.run(run, *job, at) for run, job in claims_above(event) or [own]]

    def _input(self, dataset: DatasetName, read: InputDataset | None, key: str, moment: int) -> int:
        facets: dict[str, Any] = {}
        if read is not None:
            of_data = {k: v for k, v in read.input_facets.items() if k in _OF_DATA}
            facets = {**read.facets, **of_data}
            if dataset != (read.namespace, read.name):  # what it was written as has other names
                facets.pop("symlinks", None)
        return self._artifact(dataset, key, facets, None, moment)

    def _artifact(
        self,
        dataset: DatasetName,
        key: str,
        facets: Mapping[str, Any],
        state: ArtifactState | None,
        moment: int,
        producer: str | None = None,
    ) -> int:
        """Take in a version of a dataset, or the dataset as it was found (an empty key); return its local id."""
        told = self._version(dataset, key, moment)
        if told.is_news((facets, producer)):
            named: Plain = {
                "namespace": dataset.namespace,
                "dataset": dataset.name,
                "producer": producer,
            }
            plain: Plain = {**properties_of(facets), **named}
            if "version" in plain:  # a run may tell of what it writes the version it read
                plain["version"] = told_of(key)
            told.plain = plain
        told.tell(told.plain, moment)
        if state is not None:
            told.become(state, moment)
        return told.local

    def _version(self, dataset: DatasetName, key: str, moment: int) -> NodeState[ArtifactState]:
        what = (*dataset, key)
        told = self._versions.get(what)
        if told is None:
            local = self._gathering.local(Kind.ARTIFACT, origin_of("dataset", *what))
            told = self._versions[what] = NodeState(local, moment)
        told.mention(moment)
        return told

    def _execution(
        self, origin: str, type: ExecutionType, name: str, moment: int
    ) -> NodeState[ExecutionState]:
        ran = self._executions.get(origin)
        if ran is None:
            local = self._gathering.local(Kind.EXECUTION, origin)
            ran = _Ran(type, name, NodeState(local, moment))
            self._executions[origin] = ran
        ran.told.mention(moment)
        return ran.told

    def _job_event(self, event: JobEvent) -> None:
        job: Job = event.job
        at = event.event_time // 1000
        properties: Plain = {
            **properties_of(job.facets),
            "namespace": job.namespace,
            "job": job.name,
            "producer": event.producer or None,
        }
        origin = origin_of("job", job.namespace, job.name)
        told_of = self._execution(origin, _JOB, shown(job.namespace, job.name), event.event_time)
        told_of.tell(properties, event.event_time)
        execution = told_of.local
        self._gathering.associate(execution, self._contexts.job(job.namespace, job.name, at))
        self._tags_of(job, event.event_time)
        own = f"job:{shown(job.namespace, job.name)}"  # a version of its own, so that jobs never make a circle
        written = versions_written(event)
        read: dict[DatasetName, int] = {}
        for declared, link in (
            (event.inputs or (), EventType.DECLARED_INPUT),
            (event.outputs or (), EventType.DECLARED_OUTPUT),
        ):
            for item in declared:
                dataset = DatasetName(item.namespace, item.name)
                told = told_version(item.facets) if link.is_input else written[dataset]
                key = f"version:{told}" if told else "" if link.is_input else own
                artifact = self._artifact(dataset, key, item.facets, None, event.event_time)
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
        dataset = DatasetName(told.namespace, told.name)
        # ``producer`` says that it was told of for itself, not only where a run read it; what we
        # wrote ourselves also tells what was told in between.
        producer = None if event.producer == PRODUCER else event.producer
        self._artifact(dataset, key, told.facets, None, event.event_time, producer)
