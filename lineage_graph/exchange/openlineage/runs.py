"""What events must tell of a run, a job or a dataset, and at which moments (µs since the epoch)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lineage_graph.exchange.openlineage.facet_properties import RESERVED
from lineage_graph.exchange.openlineage.facets import JobFacets, OutputFacets, RunFacets
from lineage_graph.exchange.openlineage.naming_out import (
    PRODUCER,
    Facet,
    Name,
    dataset_of,
    facet,
    own_facet,
    run_id,
    type_word,
)
from lineage_graph.exchange.openlineage.tags import JOB_TAGS, TAGS
from lineage_graph.model import Artifact, Execution, ExecutionState, Node, Ref
from lineage_graph.model.merging import STATE, TOLD

_ENDS: Mapping[ExecutionState | None, str] = {
    ExecutionState.COMPLETE: "COMPLETE",
    ExecutionState.CACHED: "COMPLETE",
    ExecutionState.FAILED: "FAIL",
    ExecutionState.CANCELED: "ABORT",
    ExecutionState.RUNNING: "RUNNING",
    ExecutionState.NEW: "RUNNING",
}
OTHER = "OTHER"
Facets = dict[str, Facet]


@dataclass
class DatasetFacts:
    """A version of a dataset: its facets by the moment they were told, ``always`` those of each mention."""

    artifact: Artifact
    name: Name
    always: Facets
    told: dict[int, Facets]

    def facets(self, moment: int) -> Facets:
        """Return what is told of it at a moment."""
        return {**self.always, **self.told.get(moment, {})}


@dataclass
class RunFacts:
    """A run, or a job without one (an empty ``id``): what it read and wrote by when that was told."""

    execution: Execution
    id: str
    job: Name
    producer: str
    run_facets: dict[int, Facets]
    job_facets: dict[int, Facets]
    state: str
    settled: int
    moments: set[int]
    always: Facets = field(default_factory=dict)
    input_facets: dict[int, Facets] = field(default_factory=lambda: defaultdict(dict))
    inputs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    outputs: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))

    def at(self, milliseconds: int) -> int:
        """Return the moment at which something of a millisecond was told, a new one where there is none."""
        found = min((m for m in self.moments if m // 1000 == milliseconds), default=None)
        if found is None:
            found = milliseconds * 1000 + 999
            self.moments.add(found)
        return found

    def spans(self, moment: int) -> bool:
        """Say whether the run went on at a moment."""
        return min(self.moments) <= moment <= max(self.moments)

    def kind(self, moment: int) -> str:
        """Return what kind of event there is at a moment."""
        if self.state == OTHER or moment > self.settled:
            return OTHER
        if moment == self.settled and self.state != "RUNNING":
            return self.state
        return "START" if moment == min(self.moments) else "RUNNING"


def is_told(node: Node) -> bool:
    """Say whether OpenLineage told of a node itself: then its facets are among its properties."""
    known = node.custom_properties
    if node.type in ("openlineage.Run", "openlineage.Job"):
        needed = ("namespace", "job") + (("run_id",) if node.type == "openlineage.Run" else ())
    else:
        needed = ("namespace", "dataset") if node.type == "Dataset" else ("",)
    return isinstance(known.get(TOLD), dict) and all(isinstance(known.get(n), str) for n in needed)


def told_run(execution: Execution) -> RunFacts:
    """Return a run or a job that OpenLineage told of."""
    known = execution.custom_properties
    is_run = execution.type == "openlineage.Run"
    moments = _moments(execution)
    last = max(moments.values())
    run_facets: dict[int, Facets] = defaultdict(dict)
    job_facets: dict[int, Facets] = defaultdict(dict)
    rest: dict[int, Facets] = defaultdict(dict)
    for name, value in known.items():
        if name == TOLD or not isinstance(value, dict):
            continue
        moment = moments.get(name, last)
        if name == JOB_TAGS:
            job_facets[moment][TAGS] = value
        elif is_run and " of " in name:
            rest[moment][name] = value
        else:
            home = run_facets if is_run and not _is_of_job(name, value) else job_facets
            home[moment][_facet_name(name)] = value
    state = _ENDS.get(execution.last_known_state, OTHER) if is_run else OTHER
    run = RunFacts(
        execution,
        str(known["run_id"]) if is_run else "",
        Name(str(known["namespace"]), str(known["job"])),
        str(known.get("producer") or PRODUCER),
        run_facets,
        job_facets,
        state,
        moments.get(STATE, last),
        set(moments.values()),
        input_facets=rest,
    )
    for told in list(run_facets.values()):
        if "parent" in told:  # an event without it would make the run one of its own
            run.always["parent"] = told["parent"]
    return run


def other_run(execution: Execution, store: str, job: Name, parent: Facet | None) -> RunFacts:
    """Return an execution that another tool told of as a run of a job.

    An event must have a time: where none is known it is 1970-01-01. Without a start but with an end,
    the end alone is told.
    """
    start = max(execution.create_time_since_epoch or 0, 0) * 1000
    end = max((execution.last_update_time_since_epoch or 0) * 1000, start + 1)
    state = _ENDS.get(execution.last_known_state, OTHER)
    facets = {"lineageGraph_execution": own_facet("Run", execution)}
    if parent is not None:
        facets["parent"] = parent
    last = dict(facets)
    if state == "FAIL":
        values = {**execution.properties, **execution.custom_properties}
        message = values.get("error_message") or values.get("error") or "It failed."
        language = "PYTHON" if "error_type" in values else "UNKNOWN"
        last["errorMessage"] = facet(
            "errorMessage", message=str(message), programmingLanguage=language
        )
    kind = type_word(execution)
    of_job = {
        "jobType": facet(
            "jobType", processingType="BATCH", integration="LINEAGE_GRAPH", jobType=kind.upper()
        )
    }
    moments = {start} if state == "RUNNING" else {start, end} if start or end == 1 else {end}
    return RunFacts(
        execution,
        run_id(store, Ref(execution.kind, execution.id or 0)),
        job,
        PRODUCER,
        {start: facets, end: last} if start in moments else {end: last},
        dict.fromkeys(moments, of_job),
        state,
        max(moments),
        moments,
    )


def told_dataset(artifact: Artifact) -> DatasetFacts:
    """Return a version of a dataset that OpenLineage told of."""
    known = artifact.custom_properties
    moments = _moments(artifact)
    last = max(moments.values())
    always: Facets = {}
    # Its state is told by the end of the run that wrote it, which may not name it.
    told: dict[int, Facets] = {at: {} for name, at in moments.items() if name != STATE}
    whole = known.get("version facet")
    if isinstance(whole, dict):
        always["version"] = whole
    elif isinstance(known.get("version"), str):
        always["version"] = facet("version", datasetVersion=known["version"])
    for name, value in known.items():
        if name not in (TOLD, "version facet") and isinstance(value, dict):
            told[moments.get(name, last)][_facet_name(name)] = value
    called = Name(str(known["namespace"]), str(known["dataset"]))
    return DatasetFacts(artifact, called, always, told)


def other_dataset(artifact: Artifact) -> DatasetFacts:
    """Return an artifact of another tool as a version of a dataset, called by its id."""
    always = {
        "version": facet("version", datasetVersion=str(artifact.id)),
        "datasetType": facet("datasetType", datasetType=(artifact.type or "Artifact").upper()),
        "lineageGraph_artifact": own_facet("Dataset", artifact),
    }
    return DatasetFacts(artifact, dataset_of(artifact), always, {})


def split(facets: Facets) -> tuple[Facets, Facets]:
    """Return facets of a dataset, and those of them that are of what was written."""
    names = OutputFacets.__annotations__.keys()
    return (
        {name: value for name, value in facets.items() if name not in names},
        {name: value for name, value in facets.items() if name in names},
    )


def _moments(node: Node) -> dict[str, int]:
    told: Any = node.custom_properties[TOLD]
    found = {name: int(moment) for name, moment in told.items()}
    return found or {"": (node.last_update_time_since_epoch or 0) * 1000}


def _facet_name(name: str) -> str:
    plain = name.removesuffix(" facet")
    return plain if plain in RESERVED else name


def _is_of_job(name: str, value: Mapping[str, Any]) -> bool:
    of_job, of_run = JobFacets.__annotations__, RunFacets.__annotations__
    if (name in of_job) != (name in of_run):
        return name in of_job
    schema = str(value.get("_schemaURL", "")).lower().replace("-", "")
    return "jobfacet" in schema
