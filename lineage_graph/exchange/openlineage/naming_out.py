"""What OpenLineage calls things that it did not name itself: datasets by their addresses, jobs, runs."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any, NamedTuple

from lineage_graph.model import Artifact, Context, Execution, Node, Ref
from lineage_graph.model.plain import plain

PRODUCER = f"urn:lineage-graph:{version('lineage-graph')}"
NAMESPACE = "lineage-graph"
"""The namespace of jobs, and of datasets without an address."""
_SPEC = "https://openlineage.io/spec"
SCHEMA = f"{_SPEC}/2-0-2/OpenLineage.json#/$defs"
_FACETS = {
    "parent": "1-0-1/ParentRunFacet",
    "errorMessage": "1-0-1/ErrorMessageRunFacet",
    "jobType": "2-0-3/JobTypeJobFacet",
    "version": "1-0-1/DatasetVersionDatasetFacet",
    "datasetType": "1-0-0/DatasetTypeDatasetFacet",
}
_ADDRESS = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://([^/]*)(/?.*)", re.DOTALL)

Facet = dict[str, Any]


class Name(NamedTuple):
    """What names a job or a dataset."""

    namespace: str
    name: str


def facet(name: str, **fields: Any) -> Facet:
    """Return a standard facet."""
    file = _FACETS[name]
    where = f"{_SPEC}/facets/{file}.json#/$defs/{file.partition('/')[2]}"
    return {"_producer": PRODUCER, "_schemaURL": where, **fields}


def own_facet(of: str, node: Node) -> Facet:
    """Return a facet of ours, of a ``Run`` or a ``Dataset``, that says what we know of a node."""
    known = plain(node)
    kept = {key: value for key, value in known.items() if value not in (None, "", {})}
    return {"_producer": PRODUCER, "_schemaURL": f"{SCHEMA}/{of}Facet", **kept}


def run_id(store: str, ref: Ref) -> str:
    """Return the id of a run that OpenLineage did not name: the same each time."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"lineage-graph:{store}/{ref}"))


def dataset_of(artifact: Artifact) -> Name:
    """Return the name of a dataset: where its address says it is, else its type and own name."""
    found = _ADDRESS.fullmatch(artifact.uri)
    if found is not None:
        scheme, authority, path = found.groups()
        if scheme.lower() == "file":
            return Name("file", f"{authority}{path}" or "/")
        if path.strip("/"):
            return Name(f"{scheme}://{authority}", path.lstrip("/"))
        return Name(NAMESPACE, artifact.uri)
    if artifact.uri:
        return Name("file", artifact.uri)
    kind = artifact.type or "Artifact"
    return Name(NAMESPACE, f"{kind}/{artifact.name or artifact.id}")


def job_of(
    execution: Execution, contexts: Iterable[Context], parents: Mapping[int, Iterable[Context]]
) -> Name:
    """Return the job that an execution was a run of: its node of a pipeline, else pipeline and type."""
    held = list(contexts)
    for context in held:
        stands = context.is_step or (context.type or "").lower() in ("job", "stage")
        if stands and context.name:
            return Name(NAMESPACE, context.step_name)
    kind = type_word(execution)
    pipeline = pipeline_of(held, parents)
    return Name(NAMESPACE, f"{pipeline}.{kind}" if pipeline else kind)


def pipeline_of(
    contexts: Iterable[Context], parents: Mapping[int, Iterable[Context]]
) -> str | None:
    """Return the name of the pipeline among contexts, or among what they are part of."""
    held = list(contexts)
    above = [parent for context in held for parent in parents.get(context.id or 0, ())]
    for context in (*held, *above):
        if "pipeline" in (context.type or "").lower() and not context.is_run:
            return context.name
    return None


def type_word(execution: Execution) -> str:
    """Return the last part of a type's name (``Trainer`` of ``tfx.Trainer``), all of it where that is empty."""
    name = execution.type or "Execution"
    return name.rpartition(".")[2] or name
