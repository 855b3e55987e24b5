"""Writer of OpenLineage's events, one a line."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timezone
from operator import itemgetter
from typing import IO, Any

from lineage_graph.exchange.openlineage.naming_out import (
    NAMESPACE,
    PRODUCER,
    SCHEMA,
    Facet,
    Name,
    facet,
    job_of,
    pipeline_of,
    run_id,
)
from lineage_graph.exchange.openlineage.runs import (
    DatasetFacts,
    RunFacts,
    is_told,
    other_dataset,
    other_run,
    split,
    told_dataset,
    told_run,
)
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import Context, Event, EventType, Execution, Subgraph
from lineage_graph.model.plain import plain

_OWN = ("job", "run", "dataset")  # types of contexts that reading makes of events
_PLAIN = (
    EventType.INPUT,
    EventType.OUTPUT,
    EventType.DECLARED_INPUT,
    EventType.DECLARED_OUTPUT,
)


def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write OpenLineage events (ndjson): of each execution its start and how it ended, in the order of time.

    What came from OpenLineage is told again as it was: runs, jobs, datasets, facets, versions, times;
    of a part of it, what was read of a version whose writer is left out is the dataset as it was found.
    An execution of another tool is a run of a job named after its pipeline and type, an artifact a
    version (its id) of the dataset at its uri; all that is known of them stands in facets of ours,
    ``lineageGraph_execution`` and ``lineageGraph_artifact``, which reading keeps as such. It loses
    what is the same, contexts that are no run or pipeline, the paths of events, and, of other tools, whether an input or output
    was declared or internal; what a step both read and wrote becomes two versions. The graph is held in
    memory, for events go out in the order of time.
    """
    told = _Telling(collected(batches), about)
    for event in told.events():
        line = json.dumps(plain(event), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
        stream.write(line.encode() + b"\n")
    return told.lost


class _Telling:
    """Knows what must be told of a graph, and when."""

    def __init__(self, graph: Subgraph, about: About) -> None:
        self.lost: Counter[str] = Counter()
        self._store = about.store
        self._contexts = {context.id: context for context in graph.contexts}
        self._parents: dict[int, list[Context]] = defaultdict(list)
        for part in graph.parent_contexts:
            if part.parent_id in self._contexts:
                self._parents[part.child_id].append(self._contexts[part.parent_id])
        self._above: dict[int, list[Context]] = defaultdict(list)
        for link in graph.associations:
            if link.context_id in self._contexts:
                self._above[link.execution_id].append(self._contexts[link.context_id])
        self._datasets = {
            a.id: told_dataset(a) if is_told(a) else other_dataset(a) for a in graph.artifacts
        }
        self._runs = {execution.id: self._run(execution) for execution in graph.executions}
        self._find_moments(graph.events)
        self._tell_links(graph.events)
        self._tell_rest()
        self._settle_facets()
        moments = [min(run.moments) for run in self._runs.values()]
        unknown = sum(at < 1000 for at in (*moments, *(at for _, at in self._alone)))
        if unknown:
            self.lost["times that are not known, told as 1970-01-01: an event must have one"] += (
                unknown
            )
        if graph.same_as:
            self.lost["links of the same thing seen by several tools"] += len(graph.same_as)
        for context in graph.contexts:
            named = "pipeline" in (context.type or "").lower() or context.is_run or context.is_step
            if not named and (context.type or "").lower() not in (*_OWN, "stage"):
                self.lost["contexts that are no job, run or pipeline"] += 1

    def events(self) -> Iterator[dict[str, Any]]:
        """Yield each event in the order of time, made when its turn comes."""
        turns: list[tuple[int, RunFacts | DatasetFacts]] = [
            (moment, run) for run in self._runs.values() for moment in sorted(run.moments)
        ]
        turns += [(moment, dataset) for dataset, moment in self._alone]
        for moment, told in sorted(turns, key=itemgetter(0)):
            yield self._event(told, moment) if isinstance(told, RunFacts) else _found(told, moment)

    def _run(self, execution: Execution) -> RunFacts:
        if is_told(execution):
            return told_run(execution)
        above = self._above[execution.id or 0]
        job = job_of(execution, above, self._parents)
        return other_run(execution, self._store, job, self._parent(above))

    def _parent(self, above: list[Context]) -> Facet | None:
        """Return the run that an execution belongs to as the parent of its run."""
        for context in (one for one in above if one.is_run):
            parents = self._parents[context.id or 0]
            known = context.custom_properties
            job = Name(NAMESPACE, pipeline_of([context, *above], self._parents) or "run")
            if isinstance(known.get("run_id"), str) and isinstance(known.get("job"), str):
                job = Name(str(known.get("namespace") or NAMESPACE), str(known["job"]))
                run = str(known["run_id"])
            else:
                job = Name(NAMESPACE, parents[0].name or job.name) if parents else job
                run = run_id(self._store, context.ref)
            return facet("parent", run={"runId": run}, job=job._asdict())
        return None

    def _find_moments(self, events: Iterable[Event]) -> None:
        """Note when runs were told of, to the microsecond where what they read and wrote says it."""
        for event in events:
            run, dataset = self._runs.get(event.execution_id), self._datasets.get(event.artifact_id)
            if run is not None and dataset is not None and is_told(run.execution):
                at = event.milliseconds_since_epoch or 0
                run.moments |= {moment for moment in dataset.told if moment // 1000 == at}
        for run in self._runs.values():
            if is_told(run.execution):
                run.at(run.execution.create_time_since_epoch or 0)

    def _tell_links(self, events: Iterable[Event]) -> None:
        """Note in which of a run's events each dataset is named."""
        names: dict[tuple[int, Name], int] = {}
        for event in events:
            run, dataset = self._runs.get(event.execution_id), self._datasets.get(event.artifact_id)
            if run is None or dataset is None:
                self.lost["events whose other end is not written"] += 1
                continue
            if event.path:
                self.lost["paths of events"] += 1
            if event.type not in _PLAIN or (run.id and event.type.value.startswith("DECLARED")):
                self.lost["kinds of events (declared, internal, pending)"] += 1
            if not event.type.is_input and not is_told(dataset.artifact):
                taken = names.setdefault((event.execution_id, dataset.name), event.artifact_id)
                if taken != event.artifact_id:  # a run writes one version of a dataset
                    dataset.name = Name(
                        dataset.name.namespace, f"{dataset.name.name}#{event.artifact_id}"
                    )
            named = run.inputs if event.type.is_input else run.outputs
            if is_told(run.execution):
                named[event.artifact_id].add(run.at(event.milliseconds_since_epoch or 0))
            elif event.type.is_input:
                named[event.artifact_id] |= run.moments
            else:
                named[event.artifact_id].add(max(run.moments))

    def _settle_facets(self) -> None:
        """Tell facets that look like those of an input, and of which there is none, of the run."""
        for run in self._runs.values():
            ends = tuple(f" of {self._datasets[id].name.name}" for id in run.inputs)
            for moment, facets in run.input_facets.items():
                for name in [name for name in facets if not name.endswith(ends)]:
                    run.run_facets[moment][name] = facets.pop(name)

    def _tell_rest(self) -> None:
        """Find where to tell what was told of datasets at other moments, also of those in no run."""
        readers: dict[int, list[RunFacts]] = defaultdict(list)
        writers: dict[int, list[RunFacts]] = defaultdict(list)
        for run in self._runs.values():
            for artifact in run.inputs:
                readers[artifact].append(run)
            for artifact in run.outputs:
                writers[artifact].append(run)
        self._alone: list[tuple[DatasetFacts, int]] = []
        for id, dataset in self._datasets.items():
            wrote, read = writers[id or 0], readers[id or 0]
            moments = dataset.told
            if not (wrote or read):
                at = max(dataset.artifact.last_update_time_since_epoch or 0, 0) * 1000
                self._alone += [(dataset, moment) for moment in moments or {at: {}}]
                continue
            for moment in moments:
                teller = _teller(moment, [*wrote, *read])
                if teller is None and (not wrote or "version" in dataset.always):
                    self._alone.append((dataset, moment))
                    continue
                teller = teller or wrote[0]
                teller.moments.add(moment)
                (teller.outputs if teller in wrote else teller.inputs)[id or 0].add(moment)

    def _event(self, run: RunFacts, moment: int) -> dict[str, Any]:
        job = {**run.job._asdict(), "facets": run.job_facets.get(moment, {})}
        inputs = [self._input(run, id, moment) for id, at in run.inputs.items() if moment in at]
        outputs = [self._output(id, moment) for id, at in run.outputs.items() if moment in at]
        if not run.id:
            head = _head(moment, "JobEvent", run.producer)
            return {**head, "job": job, "inputs": inputs, "outputs": outputs}
        return {
            **_head(moment, "RunEvent", run.producer),
            "eventType": run.kind(moment),
            "run": {"runId": run.id, "facets": {**run.always, **run.run_facets.get(moment, {})}},
            "job": job,
            "inputs": inputs,
            "outputs": outputs,
        }

    def _input(self, run: RunFacts, id: int, moment: int) -> dict[str, Any]:
        dataset = self._datasets[id]
        end = f" of {dataset.name.name}"
        of_run = run.input_facets.get(moment, {})
        mine = {name.removesuffix(end): f for name, f in of_run.items() if name.endswith(end)}
        facets, _ = split(dataset.facets(moment))
        return {**dataset.name._asdict(), "facets": facets, "inputFacets": mine}

    def _output(self, id: int, moment: int) -> dict[str, Any]:
        dataset = self._datasets[id]
        facets, of_output = split(dataset.facets(moment))
        return {**dataset.name._asdict(), "facets": facets, "outputFacets": of_output}


def _teller(moment: int, runs: list[RunFacts]) -> RunFacts | None:
    """Return the run that told of a dataset at a moment: one that ended then, had an event then, or went on."""
    for fits in (
        lambda run: run.settled == moment and run.state != "RUNNING",
        lambda run: moment in run.moments,
        lambda run: run.spans(moment),
    ):
        found = next(filter(fits, runs), None)
        if found is not None:
            return found
    return None


def _found(dataset: DatasetFacts, moment: int) -> dict[str, Any]:
    """Return the event of a dataset that is told of by itself."""
    about = {**dataset.name._asdict(), "facets": dataset.facets(moment)}
    producer = str(dataset.artifact.custom_properties.get("producer") or PRODUCER)
    return {**_head(moment, "DatasetEvent", producer), "dataset": about}


def _head(moment: int, kind: str, producer: str) -> dict[str, Any]:
    seconds, rest = divmod(moment, 1_000_000)
    when = datetime.fromtimestamp(seconds, timezone.utc)
    return {
        "eventTime": f"{when:%Y-%m-%dT%H:%M:%S}.{rest:06d}Z",
        "producer": producer,
        "schemaURL": f"{SCHEMA}/{kind}",
    }
