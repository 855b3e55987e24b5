"""Driver: checks before a step runs whether it ran before with the same inputs, parameters and code."""

from __future__ import annotations

import hashlib
import inspect
import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from lineage_graph.model import (
    Artifact,
    ArtifactState,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Properties,
    Subgraph,
)
from lineage_graph.model.values import encode_value
from lineage_graph.recorder import capture
from lineage_graph.recorder.inputs import Input
from lineage_graph.recorder.publisher import RecordedOutput
from lineage_graph.recorder.values import readable
from lineage_graph.store import Find, Store

_CANDIDATES = 10  # earlier executions that are looked at, the newest first


@dataclass(frozen=True)
class CacheHit:
    """An execution that did the same work, and what it made."""

    execution: Execution
    outputs: tuple[RecordedOutput, ...]


def cache_key(step: str, inputs: Iterable[Input], params: Properties, code: str) -> str:
    """Return the SHA-256 of all that decides what a step makes.

    Inputs count by their content where that is known, else by which artifact they are.
    """
    read: dict[str, list[str]] = {}
    for given in inputs:
        read.setdefault(given.key, []).append(given.identity)
    decisive = {
        "step": step,
        "inputs": read,
        "params": {name: encode_value(value) for name, value in params.items()},
        "code": code,
    }
    return hashlib.sha256(json.dumps(decisive, sort_keys=True).encode()).hexdigest()


def code_of(code: str | Callable[..., Any]) -> str:
    """Return a text that changes with the code: a function's source, or the text that was given.

    What the function calls is not part of it.
    """
    if isinstance(code, str):
        return code
    function = inspect.unwrap(code)
    try:
        return inspect.getsource(function)
    except (OSError, TypeError):  # typed at a prompt, or built in
        compiled = getattr(function, "__code__", None)
        if compiled is None:
            return readable(getattr(function, "__qualname__", type(function).__qualname__))
        return f"{compiled.co_code.hex()} {compiled.co_names} {_constants(compiled.co_consts)}"


def code_facts(code: str | Callable[..., Any]) -> Properties:
    """Return what is recorded of a step's code: the version that was given, or the digest of a function's source."""
    if isinstance(code, str):
        return {"code_version": code} if code else {}
    return {"code_digest": f"sha256:{hashlib.sha256(code_of(code).encode()).hexdigest()}"}


def _constants(constants: tuple[Any, ...]) -> str:
    # The repr of a nested function's code holds its address; its bytes say what matters.
    return " ".join(
        f"{c.co_code.hex()} {_constants(c.co_consts)}" if inspect.iscode(c) else repr(c)
        for c in constants
    )


def find_cached(store: Store, step: str, key: str) -> CacheHit | None:
    """Return the newest execution of this cache key whose outputs are all live and unchanged."""
    wanted = Find(
        kind=Kind.EXECUTION,
        type=step,
        states=(ExecutionState.COMPLETE.value, ExecutionState.CACHED.value),
        where=f"custom_properties.cache_key.string_value = '{key}'",  # a key is hexadecimal digits
        descending=True,
        limit=_CANDIDATES,
        counted=False,
    )
    for found in store.find(wanted).nodes:
        outputs = _outputs(store.neighbours(found.ref))
        if all(_is_usable(output.artifact) for output in outputs):
            return CacheHit(cast(Execution, found), outputs)
    return None


def _outputs(around: Subgraph) -> tuple[RecordedOutput, ...]:
    artifacts = {artifact.id: artifact for artifact in around.artifacts}
    found = []
    for event in around.events:
        if event.type is EventType.OUTPUT:
            key, index = _key_and_index(event.path)
            found.append(RecordedOutput(key, index, artifacts[event.artifact_id]))
    return tuple(sorted(found, key=lambda output: (output.key, output.index)))


def _key_and_index(path: tuple[int | str, ...]) -> tuple[str, int]:
    key = next((step for step in path if isinstance(step, str)), "output")
    index = next((step for step in path if isinstance(step, int)), 0)
    return key, index


def _is_usable(artifact: Artifact) -> bool:
    if artifact.state is not ArtifactState.LIVE:
        return False
    content = artifact.custom_properties.get("digest")
    path = capture.local_path(artifact.uri)
    # A digest was taken of a local file: the file must still have the same content.
    return content is None or path is None or capture.digest(artifact.uri) == content
