"""Data of a fit, as artifacts: what is kept of frames, arrays and models, without a copy."""

from __future__ import annotations

from typing import Any

from lineage_graph.model import Artifact
from lineage_graph.recorder.inputs import artifact, by_content


def described(type_name: str, given: Any) -> Artifact:
    """Return the artifact that something in memory is, with the digest of its content where it has one."""
    if isinstance(given, Artifact):
        return given
    return by_content(artifact(type_name, given))
