"""Writer of RO-Crate metadata after the profile Process Run Crate."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timezone
from typing import IO, Any
from urllib.parse import quote

from lineage_graph.exchange.flow import DataFlow, address, moment_of, title_of
from lineage_graph.exchange.writing import About, collected
from lineage_graph.model import (
    Artifact,
    Execution,
    ExecutionState,
    Proto,
    Subgraph,
    Value,
)

Entity = dict[str, Any]
_CRATE = "https://w3id.org/ro/crate/1.1"
_PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
_WEB = re.compile(r"(https?|ftps?|s3|gs|abfss?)://[^/\s]+/.+")
_STATUS: Mapping[ExecutionState | None, str] = {
    ExecutionState.NEW: "PotentialActionStatus",
    ExecutionState.RUNNING: "ActiveActionStatus",
    ExecutionState.COMPLETE: "CompletedActionStatus",
    ExecutionState.CACHED: "CompletedActionStatus",
    ExecutionState.FAILED: "FailedActionStatus",
    ExecutionState.CANCELED: "FailedActionStatus",
}
_ENDED = ("CompletedActionStatus", "FailedActionStatus")
_UNHELD = {
    "contexts": "contexts",
    "attributions": "contexts of artifacts",
    "associations": "contexts of executions",
    "parent_contexts": "contexts that contexts are part of",
    "same_as": "links of the same thing seen by several tools",
    "columns": "links between columns",
}


def write(batches: Iterable[Subgraph], stream: IO[bytes], about: About) -> Counter[str]:
    """Write the metadata of an RO-Crate 1.1, a Process Run Crate: what ran, and what it read and wrote.

    An execution is a CreateAction, its type the software that ran, an artifact a File where its address
    is one of the web's or of a cloud store's, else a thing that is described; properties are PropertyValues. The crate
    holds no files, only what is known of them. It loses contexts, kinds of values (but numbers
    and truth), events' paths, times and types, and column lineage. The document is made in memory.
    """
    graph = collected(batches)
    lost = Counter({why: len(getattr(graph, name)) for name, why in _UNHELD.items()})
    lost["paths of events"] = sum(1 for event in graph.events if event.path)
    entities = [_plain(entity) for entity in _entities(DataFlow(graph), about)]
    document = {"@context": f"{_CRATE}/context", "@graph": entities}
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    stream.write(text.encode("utf-8", "replace") + b"\n")
    return Counter({why: count for why, count in lost.items() if count})


def _plain(entity: Entity) -> Entity:
    """Return an entity whose lists of one are that one, and of none left out, as RO-Crate advises."""
    return {
        key: value[0] if isinstance(value, list) and len(value) == 1 else value
        for key, value in entity.items()
        if value != []
    }


def _entities(flow: DataFlow, about: About) -> Iterator[Entity]:
    ids = _ids(flow)
    yield {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": _CRATE},
        "about": {"@id": "./"},
    }
    now = datetime.now(timezone.utc)
    yield {
        "@id": "./",
        "@type": "Dataset",
        "name": about.title,
        "description": "What ran, what it read and what it wrote, as a lineage store recorded it.",
        "datePublished": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "license": {"@id": "#licence"},
        "conformsTo": {"@id": _PROFILE},
        "hasPart": [{"@id": id} for id in ids.values() if not id.startswith("#")],
        "mentions": [{"@id": f"#execution-{id}"} for id in flow.executions],
    }
    yield {
        "@id": "#licence",
        "@type": "CreativeWork",
        "name": "None stated",
        "description": "The store does not say under which licence this may be used.",
    }
    yield {"@id": _PROFILE, "@type": "CreativeWork", "name": "Process Run Crate", "version": "0.5"}
    for id, artifact in flow.artifacts.items():
        yield from _artifact(artifact, ids[id])
    software = {
        _software(execution)["@id"]: _software(execution) for execution in flow.executions.values()
    }
    yield from software.values()
    for execution in flow.executions.values():
        yield from _action(flow, execution, ids)


def _ids(flow: DataFlow) -> dict[int, str]:
    """Return what artifacts are called: their addresses, where those are their own."""
    shared = Counter(artifact.uri for artifact in flow.artifacts.values())
    return {
        id: address(artifact.uri)
        if shared[artifact.uri] == 1 and _WEB.fullmatch(artifact.uri)
        else f"#artifact-{id}"
        for id, artifact in flow.artifacts.items()
    }


def _software(execution: Execution) -> Entity:
    """Return what ran: the execution's type, in the version that its commit is."""
    kind = execution.type or "Execution"
    commit = execution.custom_properties.get("git_commit")
    version = commit if isinstance(commit, str) else execution.type_version
    end = f"@{quote(version, safe='')}" if version else ""
    told = {"softwareVersion": version} if version else {}
    id = f"#step-{quote(kind, safe='')}{end}"
    return {"@id": id, "@type": "SoftwareApplication", "name": kind, **told}


def _artifact(artifact: Artifact, id: str) -> Iterator[Entity]:
    known = {**artifact.properties, **artifact.custom_properties}
    values = [*_values(f"#artifact-{artifact.id}", known)]
    entity: Entity = {
        "@id": id,
        "@type": "CreativeWork" if id.startswith("#") else "File",
        "name": title_of(artifact),
        "identifier": str(artifact.ref),
        "additionalType": artifact.type or "Artifact",
    }
    if artifact.uri and id.startswith("#"):
        entity["url"] = artifact.uri
    if artifact.create_time_since_epoch:
        entity["dateCreated"] = moment_of(artifact.create_time_since_epoch)
    if isinstance(known.get("sha256"), str):
        entity["sha256"] = known["sha256"]
    if isinstance(known.get("bytes"), int):
        entity["contentSize"] = str(known["bytes"])
    if values:
        entity["additionalProperty"] = [{"@id": value["@id"]} for value in values]
    yield entity
    yield from values


def _action(flow: DataFlow, execution: Execution, ids: Mapping[int, str]) -> Iterator[Entity]:
    id = execution.id or 0
    known = {**execution.properties, **execution.custom_properties}
    values = [*_values(f"#execution-{id}", known)]
    read = [{"@id": ids[one]} for one in flow.read[id]]
    entity: Entity = {
        "@id": f"#execution-{id}",
        "@type": "CreateAction",
        "name": title_of(execution),
        "identifier": str(execution.ref),
        "instrument": {"@id": _software(execution)["@id"]},
        "object": [*read, *({"@id": value["@id"]} for value in values)],
        "result": [{"@id": ids[one]} for one in flow.wrote[id]],
    }
    status = _STATUS.get(execution.last_known_state)
    if status is not None:
        entity["actionStatus"] = {"@id": f"http://schema.org/{status}"}
    if execution.create_time_since_epoch:
        entity["startTime"] = moment_of(execution.create_time_since_epoch)
    if execution.last_update_time_since_epoch and status in _ENDED:
        entity["endTime"] = moment_of(execution.last_update_time_since_epoch)
    if isinstance(known.get("error_message"), str):
        entity["error"] = known["error_message"]
    yield entity
    yield from values


def _values(owner: str, known: Mapping[str, Value]) -> Iterator[Entity]:
    for name, value in known.items():
        plain: Any = value
        if isinstance(value, Proto):
            plain = f"{value.type_url} ({len(value.value):,} bytes)"
        elif isinstance(value, dict):
            plain = json.dumps(value, ensure_ascii=False)
        elif isinstance(value, float) and not abs(value) < float("inf"):
            plain = str(value)
        yield {
            "@id": f"{owner}/{quote(name, safe='')}",
            "@type": "PropertyValue",
            "name": name or "(no name)",
            "value": plain,
        }
