"""Facts: what is recorded of a node that can be compared, each with what a difference in it means."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from lineage_graph.drawing.history import HISTORY
from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState
from lineage_graph.model.plain import plain

Node = Artifact | Execution


class Cause(str, Enum):
    """What a difference means, the most telling first.

    ``result`` follows from what lies upstream: contents, metrics, how a step ended. The others
    follow from nothing that is recorded upstream.
    """

    PARAMETER = "parameter"
    CODE = "code"
    DATA = "data"
    INPUT = "input"
    STEP = "step"
    RESULT = "result"
    ENVIRONMENT = "environment"


Facts = dict[tuple[Cause, str], Any]

_PROOF = frozenset(
    [
        "digest",
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "sha256sum",
        "md5sum",
        "checksum",
        "hash",
        "fingerprint",
        "etag",
        "content_hash",
        "content_digest",
        "content_fingerprint",
        "payload_hash",
        "payload_digest",
        "data_hash",
        "file_hash",
    ]
)
"""Names of properties that tell an artifact's content: the same value, the same content."""
_DATA = frozenset(
    [
        "digest",
        "md5",
        "sha1",
        "sha256",
        "sha512",
        "checksum",
        "hash",
        "fingerprint",
        "etag",
        "crc32",
        "crc32c",
    ]
)
"""Last words of names that tell something about contents: another value, another content."""
_CODE = frozenset(
    [
        "git_commit",
        "git_dirty",
        "git_sha",
        "git_branch",
        "commit",
        "commit_sha",
        "revision",
        "code_version",
        "code_digest",
        "code_hash",
        "source_version",
        "pipeline_version",
        "module_path",
        "module_file",
        "module",
        "script",
        "entrypoint",
        "container_image",
        "docker_image",
        "image_digest",
    ]
)
_ENVIRONMENT = frozenset(
    [
        "command_line",
        "python_version",
        "package_versions",
        "packages",
        "tfx_version",
        "platform",
        "hostname",
        "framework_version",
        "library_versions",
        "environment",
    ]
)
_METRICS = frozenset(
    [
        "accuracy",
        "acc",
        "loss",
        "auc",
        "f1",
        "recall",
        "rmse",
        "mae",
        "mse",
        "mape",
        "r2",
        "score",
        "perplexity",
        "bleu",
        "rouge",
        "logloss",
        "iou",
        "ndcg",
    ]
)
_NO_METRICS = frozenset(["span", "version", "blessed", "pushed"])
_SIZES = frozenset(["bytes", "files", "rows"])
"""What tells how much an artifact holds: of its data, and no metric."""
_BOOKKEEPING = frozenset(
    [
        "cache_key",
        "cached_from",
        "parent_origin",
        "parent_step",
        "returned",
        "metric_names",
        "is_external",
        "display_name",
        "task_name",
        "cache_fingerprint",
        "cached_execution_id",
        "pod_name",
        "pod_uid",
        "store_session_info",
        "run_id",
        "artifact_uri",
        "parent_run",
        "name",
        "error_type",
        "error_message",
    ]
)
_HALF = (ArtifactState.PENDING, ArtifactState.ABANDONED)
_ENDED = (ExecutionState.COMPLETE, ExecutionState.CACHED, ExecutionState.UNKNOWN, None)
_METRIC_NAMES = "metric_names"


def facts(node: Node) -> Facts:
    """Return what can be compared of a node, without its links; of what nests, each leaf."""
    found = dict(_of_execution(node) if isinstance(node, Execution) else _of_artifact(node))
    return {key: found[key] for key in sorted(found)}


def content(node: Node) -> Mapping[str, Any]:
    """Return the digests of an artifact: two that share one of a name have the same content."""
    return {_word(name): value for name, value in _held(node) if _word(name) in _PROOF}


def same_content(one: Node, other: Node) -> bool:
    """True where digests prove that two artifacts hold the same: all that both have are equal."""
    left, right = content(one), content(other)
    both = left.keys() & right.keys()
    return bool(both) and all(left[name] == right[name] for name in both)


def is_metric(cause: Cause, name: str, value: Any) -> bool:
    """True for a fact that is a number which measures something."""
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return cause is Cause.RESULT and is_number and _word(name) not in _NO_METRICS


def is_bookkeeping(name: str) -> bool:
    """True for properties by which tools keep their books, or tell a thing from all others."""
    return name.startswith("__") or _word(name) in _BOOKKEEPING


def _of_execution(node: Execution) -> Iterator[tuple[tuple[Cause, str], Any]]:
    measured = set(_names(node.custom_properties.get(_METRIC_NAMES)))
    for name, value in _held(node):
        cause = Cause.RESULT if name in measured else _cause(name, value)
        for leaf, held in _leaves(name, value):
            yield (cause, leaf), held
    ended = node.last_known_state in _ENDED
    yield (Cause.RESULT, "state"), ExecutionState.COMPLETE.value if ended else node.state_word


def _of_artifact(node: Artifact) -> Iterator[tuple[tuple[Cause, str], Any]]:
    for name, value in _held(node):
        cause = _cause(name, value)
        if cause is Cause.PARAMETER:
            cause = Cause.DATA if _word(name) in _SIZES else Cause.RESULT
        for leaf, held in _leaves(name, value):
            yield (cause, leaf), held
    state = node.state if node.state in _HALF else ArtifactState.LIVE
    yield (Cause.RESULT, "state"), state.value


def _held(node: Node) -> Iterator[tuple[str, Any]]:
    """Yield the properties by name, but for those by which tools keep their books."""
    for name, value in {**node.custom_properties, **node.properties}.items():
        books = is_bookkeeping(name) or (name == HISTORY and isinstance(value, dict))
        if not books and not (name.endswith("_id") and isinstance(value, int)):
            yield name, value


def _cause(name: str, value: Any) -> Cause:
    word = _word(name)
    if word in _CODE or word.endswith(("_git_commit", "_commit_sha")):
        return Cause.CODE
    if word in _ENVIRONMENT:
        return Cause.ENVIRONMENT
    last = word.rpartition("_")[2]
    if last in _DATA:
        return Cause.DATA
    if word == "outputs" or (last in _METRICS and isinstance(value, float)):
        return Cause.RESULT
    return Cause.PARAMETER


def _word(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")


def _leaves(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield a value, or what is in it where it is an object, also one written as JSON text."""
    value = plain(value)
    if isinstance(value, str) and value.lstrip()[:1] == "{" and depth == 0:
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, dict) and value and depth < _DEEPEST:
        for key in value:
            yield from _leaves(f"{name}.{key}", value[key], depth + 1)
    else:
        yield name, value


_DEEPEST = 4


def _names(listed: Any) -> list[str]:
    try:
        found = json.loads(listed) if isinstance(listed, str) else []
    except ValueError:
        return []
    return [name for name in found if isinstance(name, str)] if isinstance(found, list) else []
