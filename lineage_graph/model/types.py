"""Types: what artifacts, executions and contexts may be, and which properties each declares."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import Field

from lineage_graph.model.values import BaseType, Frozen, Kind, PropertyKind


class Type(Frozen):
    """A type's name, version and declared properties; ``(kind, name, version)`` identifies it."""

    kind: ClassVar[Kind]

    id: int | None = None
    name: str = Field(min_length=1)
    version: str = ""
    description: str | None = None
    external_id: str | None = None
    properties: dict[str, PropertyKind] = Field(default_factory=dict)
    base_type: BaseType | None = None


class ArtifactType(Type):
    """A type of artifacts."""

    kind = Kind.ARTIFACT


class ExecutionType(Type):
    """A type of executions; ``input_type`` and ``output_type`` are JSON, kept and never enforced."""

    kind = Kind.EXECUTION

    input_type: str | None = None
    output_type: str | None = None


class ContextType(Type):
    """A type of contexts."""

    kind = Kind.CONTEXT


TYPE_CLASSES: Mapping[Kind, type[Type]] = {
    Kind.ARTIFACT: ArtifactType,
    Kind.EXECUTION: ExecutionType,
    Kind.CONTEXT: ContextType,
}
"""The class of each kind's types."""
