"""What of the standard facets people read, look for and compare, as plain properties."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from lineage_graph.exchange.openlineage.tags import (
    JOB_TAGGED,
    JOB_TAGS,
    TAGGED,
    TAGS,
    job_tags,
    run_tags,
)
from lineage_graph.model import Value
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

Plain = dict[str, Value | None]
TOLD_RUN_ID = "lineageGraph_toldRunId"
"""The facet of ours that keeps the id a run was told of under, where that is another job's run's."""
_MOST_COLUMNS = 200  # named in one property; the facet keeps all


def _error(facet: Any) -> Plain:
    return {"error_message": facet["message"]}


def _nominal(facet: Any) -> Plain:
    return {
        "nominal_start_time": facet["nominalStartTime"],
        "nominal_end_time": facet.get("nominalEndTime"),
    }


def _engine(facet: Any) -> Plain:
    return {"engine": f"{facet.get('name') or ''} {facet['version']}".strip()}


def _told_run_id(facet: Any) -> Plain:
    run = facet.get("runId")  # a facet of ours, so nobody checked it
    return {"told_run_id": run if isinstance(run, str) else None}


def _parent(facet: Any) -> Plain:
    return {"parent_job": facet["job"]["name"], "parent_run": facet["run"]["runId"]}


def _parameters(facet: Any) -> Plain:
    found = {}
    for parameter in facet.get("parameters") or ():
        value = parameter.get("value")
        if isinstance(value, str):
            found[f"parameter {parameter['key']}"[:200]] = value
    return dict(found)


def _job_type(facet: Any) -> Plain:
    return {
        "integration": facet["integration"],
        "job_type": facet.get("jobType"),
        "processing_type": facet["processingType"],
    }


def _location(facet: Any) -> Plain:
    is_git = facet["type"].lower() == "git"
    return {
        "git_commit" if is_git else "code_version": facet.get("version") or None,
        "code_url": facet["url"],
    }


def _owners(facet: Any) -> Plain:
    return {"owners": ", ".join(owner["name"] for owner in facet.get("owners") or ()) or None}


def _columns(facet: Any) -> Plain:
    fields = (facet.get("fields") or ())[:_MOST_COLUMNS]
    named = ", ".join(f"{f['name']} {f.get('type') or ''}".strip() for f in fields)
    return {"columns": named or None}


def _storage(facet: Any) -> Plain:
    return {"storage": f"{facet['storageLayer']} {facet.get('fileFormat') or ''}".strip()}


def _aliases(facet: Any) -> Plain:
    named = (f"{i['namespace']}/{i['name']}" for i in facet.get("identifiers") or ())
    return {"also_known_as": ", ".join(named) or None}


def _source(facet: Any) -> Plain:
    return {"data_source": facet.get("uri") or facet.get("name") or None}


def _amounts(facet: Any) -> Plain:
    return {
        "rows": _int64(facet.get("rowCount")),
        "bytes": _int64(facet.get("size", facet.get("bytes"))),
        "files": _int64(facet.get("fileCount")),
    }


def _int64(value: Any) -> int | None:
    """Return a whole number that every store keeps; the place it comes from may not be checked."""
    return value if type(value) is int and INT64_LOW <= value <= INT64_HIGH else None


def _checks(facet: Any) -> Plain:
    failed = [a for a in facet["assertions"] if not a["success"]]
    return {"assertions": len(facet["assertions"]), "assertions_failed": len(failed)}


FACET_PROPERTIES: Mapping[str, Callable[[Any], Plain]] = {
    "errorMessage": _error,
    "nominalTime": _nominal,
    "processing_engine": _engine,
    "parent": _parent,
    "executionParameters": _parameters,
    "externalQuery": lambda facet: {"external_query_id": facet["externalQueryId"]},
    "jobType": _job_type,
    "sql": lambda facet: {"query": facet["query"]},
    "sourceCodeLocation": _location,
    "ownership": _owners,
    "documentation": lambda facet: {"description": facet["description"]},
    "schema": _columns,
    "storage": _storage,
    "symlinks": _aliases,
    "dataSource": _source,
    "lifecycleStateChange": lambda facet: {"lifecycle": facet["lifecycleStateChange"]},
    "version": lambda facet: {"version": facet["datasetVersion"]},
    "outputStatistics": _amounts,
    "dataQualityMetrics": _amounts,
    "dataQualityAssertions": _checks,
    TOLD_RUN_ID: _told_run_id,
    TAGS: run_tags,
    JOB_TAGS: job_tags,
}
"""By the name of a facet, standard or ours: what makes plain properties of it."""

RESERVED = frozenset(
    {
        "namespace",
        "job",
        "run_id",
        "told_run_id",
        TAGGED,
        JOB_TAGGED,
        "producer",
        "ended_at",
        "told",
        "error_message",
        "nominal_start_time",
        "nominal_end_time",
        "engine",
        "parent_job",
        "parent_run",
        "external_query_id",
        "integration",
        "job_type",
        "processing_type",
        "query",
        "git_commit",
        "code_version",
        "code_url",
        "owners",
        "description",
        "columns",
        "storage",
        "also_known_as",
        "data_source",
        "lifecycle",
        "rows",
        "bytes",
        "files",
        "assertions",
        "assertions_failed",
        "dataset",
    }
)
"""Names of plain properties; a tool's own facet of such a name is kept under ``<name> facet``."""


def properties_of(facets: Mapping[str, Any]) -> Plain:
    """Return facets as properties: each whole (STRUCT) under its name, and what is plain of it.

    A facet that was deleted (``_deleted``) stays as told, so that nothing older brings it back.
    """
    properties: Plain = {}
    for name, facet in facets.items():
        plain = FACET_PROPERTIES.get(name)
        if plain is not None and facet.get("_deleted") is not True:
            properties.update(plain(facet))
        if name != "version" or "datasetVersion" not in facet:
            properties[f"{name} facet" if name in RESERVED else name] = facet
        elif len(facet.keys() - {"_producer", "_schemaURL", "datasetVersion"}):
            properties["version facet"] = facet
    return properties
