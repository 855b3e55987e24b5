"""Data of a fit, as artifacts: what is kept of frames, arrays and models, without a copy."""

from __future__ import annotations

import hashlib
import inspect
import sys
import time
from typing import Any

from lineage_graph.model import Artifact, Kind
from lineage_graph.recorder.inputs import artifact
from lineage_graph.recorder.record import new_origin

# Where ``lg.artifact`` takes data itself, all below but ``unlike_others`` is not needed.
_TAKES_DATA = "any_order" in inspect.signature(artifact).parameters


def described(type_name: str, given: Any) -> Artifact:
    """Return the artifact that something in memory is, with the digest of its content where it has one."""
    if isinstance(given, Artifact):
        return given
    if _TAKES_DATA:
        made = artifact(type_name, given)
        return made if made.uri else unlike_others(made)
    properties: dict[str, Any] = {"object": kind_of(given)}
    if shape := getattr(given, "shape", None):
        properties |= {"rows": int(shape[0]), "shape": [int(size) for size in shape]}
    digest = _digest(given)
    if digest is not None:
        uri = f"in-memory://{digest.replace(':', '/')}"
        return artifact(type_name, uri, digest=digest, properties=properties)
    return unlike_others(artifact(type_name, "", properties=properties))


def unlike_others(described: Artifact) -> Artifact:
    """Return an artifact that has neither address nor content as one that no other is the same as."""
    now = int(time.time() * 1000)
    changes = {
        "origin": new_origin(Kind.ARTIFACT),
        "create_time_since_epoch": now,
        "last_update_time_since_epoch": now,
    }
    return described.model_copy(update=changes)


def kind_of(given: object) -> str:
    """Return what people call an object's class: ``sklearn.LogisticRegression``."""
    module, name = type(given).__module__.partition(".")[0], type(given).__qualname__
    return name if module == "builtins" else f"{module}.{name}"


def _digest(given: Any) -> str | None:
    numpy = sys.modules.get("numpy")
    if numpy is None or not isinstance(given, numpy.ndarray) or given.dtype.hasobject:
        return None
    hashed = hashlib.sha256(f"{given.dtype.str}{given.shape}".encode())
    hashed.update(numpy.ascontiguousarray(given).view(numpy.uint8).data if given.size else b"")
    return f"sha256:{hashed.hexdigest()}"
