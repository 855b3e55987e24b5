"""Bookkeeping: properties by which tools keep their books, or tell one thing from all others.

They differ from run to run whatever else does, so they are never a reason why two things differ,
and neither parameters nor metrics. Whoever asks whether a property is one asks here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from lineage_graph.model.merging import STATEMENTS, TOLD
from lineage_graph.model.metrics import HISTORY

_BY_TOOL = {
    "the recorder": """
        cache_key cached_from error_message error_type heartbeat metric_names parent_origin
        parent_step returned run_ended run_failure run_process run_resumed run_state""",
    "ML Metadata, TFX, Kubeflow and Vertex": """
        cache_fingerprint cached_execution_id display_name is_external iteration_count
        iteration_index kfp_pod_name kfp_pod_uid name parent_dag_id pod_name pod_uid pushed_version
        stats_dashboard_link store_session_info task_name""",
    "MLflow": "artifact_location artifact_uri mlflow_user parent_run source_type user",
    "OpenLineage": """
        also_known_as description ended_at external_query_id last_writer last_written lifecycle
        nominal_end_time nominal_start_time owners parent_job""",
    "DVC and git": "author baseline frozen message",
    "where a process ran, and as what": """
        attempt attempt_number container_id container_name dag_run_id host host_name hostname
        instance_id ip ip_address job_run_id machine_name node_name pid pipeline_run_id ppid
        process_id request_id run_id run_name run_uuid session_id span_id thread_id thread_name
        trace_id try_number username uuid worker_id worker_name""",
    "files that hold the checksums of others": """
        checksum_file checksum_path checksum_uri digest_file digest_path md5_file md5_path
        sha256_file sha256_path""",
    "how long something took": """
        duration_ms duration_s duration_seconds elapsed elapsed_ms elapsed_s elapsed_seconds
        wall_time""",
}
_NAMES = frozenset(name for names in _BY_TOOL.values() for name in names.split())
"""Names, as words with underscores between them."""
_TIMES = frozenset(
    [
        "created",
        "creation_time",
        "create_time",
        "build_time",
        "date_created",
        "end_time",
        "ended",
        "finish_time",
        "finished",
        "last_modified",
        "last_update_time",
        "last_updated",
        "modified",
        "mtime",
        "queue_time",
        "run_time",
        "start_time",
        "started",
        "submit_time",
        "timestamp",
        "update_time",
        "updated",
    ]
)
"""Names of moments; so is any that ends in ``_at`` or ``_timestamp``. Their values must be moments."""
_FACETS = frozenset(
    [
        "dataSource",
        "documentation",
        "errorMessage",
        "externalQuery",
        "jobType",
        "lifecycleStateChange",
        "nominalTime",
        "outputStatistics",
        "ownership",
        "parent",
        "processing_engine",
        "sourceCodeLocation",
        "sql",
        "storage",
        "symlinks",
    ]
)
"""Facets of OpenLineage of which the reader keeps all that can be compared as plain properties."""
_TELLS_CONTENT = frozenset(
    [
        "checksum",
        "commit",
        "digest",
        "etag",
        "fingerprint",
        "hash",
        "md5",
        "revision",
        "sha",
        "sha1",
        "sha256",
        "version",
    ]
)
"""Last words of names whose values tell a content or a version, whatever they look like."""
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d\S*")
_EARLIEST = 10**9  # of numbers that are moments, in seconds (2001) or smaller units
_UUID = re.compile(r"\{?[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\}?")
_NUMBERED = re.compile(r"(?:[a-z]{1,4}-)?(?:\d+|[0-9a-fA-F-]{16,})")


def is_bookkeeping(name: str, value: Any) -> bool:
    """True for a property, or a value in one that nests, by which a tool keeps its books."""
    if name.startswith("_"):
        return True
    if isinstance(value, Mapping):
        return name in (TOLD, STATEMENTS, HISTORY) or (name in _FACETS and "_producer" in value)
    word = word_of(name)
    if word in _NAMES:
        return True
    last = word.rpartition("_")[2]
    if word in _TIMES or last in ("at", "timestamp"):
        return _is_moment(value)
    if last in _TELLS_CONTENT:
        return False
    if last == "id" and "_" in word:
        return isinstance(value, int) or _matches(_NUMBERED, value)
    return _matches(_UUID, value)


def word_of(name: str) -> str:
    """Return a name as lower case words with underscores between them: ``runId`` is ``run_id``."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", parted.lower()).strip("_")


def _is_moment(value: Any) -> bool:
    if isinstance(value, (int, float)):
        return not isinstance(value, bool) and value >= _EARLIEST
    return _matches(_MOMENT, value)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value.strip()) is not None
