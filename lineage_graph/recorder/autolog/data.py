"""Data of a fit, as artifacts: what is kept of frames, arrays and models, without a copy."""

from __future__ import annotations

import time
from typing import Any

from lineage_graph.model import Artifact, Kind
from lineage_graph.recorder.inputs import artifact
from lineage_graph.recorder.record import new_origin


def described(type_name: str, given: Any) -> Artifact:
    """Return the artifact that something in memory is, with the digest of its content where it has one."""
    if isinstance(given, Artifact):
        return given
    made = artifact(type_name, given)
    return made if made.uri else unlike_others(made)


def unlike_others(described: Artifact) -> Artifact:
    """Return an artifact that has neither address nor content as one that no other is the same as."""
    now = int(time.time() * 1000)
    changes = {
        "origin": new_origin(Kind.ARTIFACT),
        "create_time_since_epoch": now,
        "last_update_time_since_epoch": now,
    }
    return described.model_copy(update=changes)
