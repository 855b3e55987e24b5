"""Facts: what is recorded of a node that can be compared, each with what a difference in it means."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any

from lineage_graph.model import Artifact, ArtifactState, Execution, ExecutionState
from lineage_graph.model.metrics import metric_names
from lineage_graph.model.plain import plain
from lineage_graph.questions.bookkeeping import is_bookkeeping, word_of

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
        "code_digest",
        "code_hash",
        "code_url",
        "code_version",
        "commit",
        "commit_sha",
        "container_image",
        "docker_image",
        "entry_point",
        "entrypoint",
        "git_branch",
        "git_commit",
        "git_dirty",
        "git_repository",
        "git_sha",
        "image_digest",
        "module",
        "module_file",
        "module_path",
        "pipeline_version",
        "revision",
        "script",
        "source_code",
        "source_version",
    ]
)
_CODE_OF_STEPS = frozenset(["command", "query", "source"])
"""Names that tell the code of an execution; an artifact's ``source`` is where it is from."""
_ENVIRONMENT = frozenset(
    [
        "command_line",
        "cuda_version",
        "engine",
        "environment",
        "environment_variables",
        "framework_version",
        "integration",
        "java_version",
        "job_type",
        "library_versions",
        "os_version",
        "package_versions",
        "packages",
        "platform",
        "processing_type",
        "producer",
        "python_version",
        "spark_version",
        "tensorflow_version",
        "tfx_version",
        "torch_version",
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
_HALF = (ArtifactState.PENDING, ArtifactState.ABANDONED)
_ENDED = (ExecutionState.COMPLETE, ExecutionState.CACHED, ExecutionState.UNKNOWN, None)
OF_JOBS = ("openlineage.Run", "openlineage.Job")
_NAMES_OF_JOBS = ("namespace", "job")  # what an execution of a job is called, as steps are
_OF_DVC, _NAME_OF_STAGE = "dvc.", "stage"  # likewise what an execution of a stage is called
_PARAMETERS, _PARAMETER = "executionParameters", "parameter "
"""A facet of OpenLineage, and how the properties begin that the reader makes of the texts in it."""


def facts(node: Node) -> Facts:
    """Return what can be compared of a node, without its links; of what nests, each leaf."""
    found = dict(_of_execution(node) if isinstance(node, Execution) else _of_artifact(node))
    return {key: found[key] for key in sorted(found)}


def content(node: Node) -> Mapping[str, Any]:
    """Return the digests of an artifact: two that share one of a name have the same content."""
    return {word_of(name): value for name, value in kept(node) if word_of(name) in _PROOF}


def is_flag(cause: Cause, value: Any) -> bool:
    """True for a fact that says yes or no of what was made, or by how much, such as ``blessed``."""
    return cause is Cause.RESULT and isinstance(value, (bool, int, float))


def same_content(one: Node, other: Node) -> bool:
    """True where digests prove that two artifacts hold the same: all that both have are equal."""
    left, right = content(one), content(other)
    both = left.keys() & right.keys()
    return bool(both) and all(left[name] == right[name] for name in both)


def is_metric(cause: Cause, name: str, value: Any) -> bool:
    """True for a fact that is a number which measures something."""
    return cause is Cause.RESULT and _is_number(value) and word_of(name) not in _NO_METRICS


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def same_value(one: Any, other: Any) -> bool:
    """True for equal values: numbers by value, no number equals a truth value, NaN equals itself."""
    if isinstance(one, bool) is not isinstance(other, bool):
        return False
    return bool(one == other) or (one != one and other != other)


def _of_execution(node: Execution) -> Iterator[tuple[tuple[Cause, str], Any]]:
    measured = measured_by(node)
    for name, value in kept(node):
        is_code = word_of(name) in _CODE_OF_STEPS
        cause = Cause.CODE if is_code else _cause(name, value)
        cause = Cause.RESULT if name in measured else cause
        for leaf, held in _leaves(name, value):
            yield (cause, leaf), held
    ended = node.last_known_state in _ENDED
    yield (Cause.RESULT, "state"), ExecutionState.COMPLETE.value if ended else node.state_word


def _of_artifact(node: Artifact) -> Iterator[tuple[tuple[Cause, str], Any]]:
    for name, value in kept(node):
        cause = _cause(name, value)
        if cause is Cause.PARAMETER:
            cause = Cause.DATA if word_of(name) in _SIZES else Cause.RESULT
        for leaf, held in _leaves(name, value):
            yield (cause, leaf), held
    state = node.state if node.state in _HALF else ArtifactState.LIVE
    yield (Cause.RESULT, "state"), state.value


def kept(node: Node) -> Iterator[tuple[str, Any]]:
    """Yield the properties by name, but for those by which tools keep their books and name a thing."""
    held = {**node.custom_properties, **node.properties}
    facet = held.pop(_PARAMETERS, None)
    if isinstance(facet, Mapping):
        held = {name: value for name, value in held.items() if not name.startswith(_PARAMETER)}
        yield from _parameters(facet)
    for name, value in held.items():
        if not _is_name(node.type or "", name) and not is_bookkeeping(name, value):
            yield name, value


def _is_name(of_type: str, name: str) -> bool:
    """Say whether a property tells what a node is called, as steps are, and nothing else."""
    if of_type in OF_JOBS:
        return name in _NAMES_OF_JOBS
    return of_type.startswith(_OF_DVC) and name == _NAME_OF_STAGE


def _parameters(facet: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Yield the parameters of OpenLineage's facet by their own names."""
    for parameter in facet.get("parameters") or ():
        key = parameter.get("key") if isinstance(parameter, Mapping) else None
        if isinstance(key, str) and not is_bookkeeping(key, parameter.get("value")):
            yield key, parameter.get("value")


def _cause(name: str, value: Any) -> Cause:
    word = word_of(name)
    if word in _CODE or word.endswith(("_git_commit", "_commit_sha")):
        return Cause.CODE
    if word in _ENVIRONMENT:
        return Cause.ENVIRONMENT
    last = word.rpartition("_")[2]
    if last in _DATA:
        return Cause.DATA
    if word == "outputs" or (last in _METRICS and _is_number(value)):
        return Cause.RESULT
    return Cause.PARAMETER


def _leaves(name: str, value: Any, depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Yield a value, or what is in it where it is an object, also one written as JSON text."""
    value = plain(value)
    if isinstance(value, str) and value.lstrip()[:1] == "{" and depth == 0:
        with contextlib.suppress(ValueError, RecursionError):
            value = json.loads(value)
    if isinstance(value, dict) and value and depth < _MAX_DEPTH:
        for key in value:
            if not str(key).startswith("_"):
                yield from _leaves(f"{name}.{key}", value[key], depth + 1)
    else:
        yield name, value


_MAX_DEPTH = 4


def measured_by(node: Execution) -> set[str]:
    """Return the names of the properties that a step measured, and that are no parameters."""
    return set(metric_names(node))
