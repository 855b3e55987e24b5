"""Fields whose names depend on the kind of node: ``artifacts``, ``execution_types``, ``context_ids``."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from google.protobuf.message import Message

from lineage_graph.model import Kind

if TYPE_CHECKING:
    from google.protobuf.internal.containers import (
        RepeatedCompositeFieldContainer,
        RepeatedScalarFieldContainer,
    )

    from lineage_graph.messages import contract

NodeList: TypeAlias = """(
    RepeatedCompositeFieldContainer[contract.Artifact]
    | RepeatedCompositeFieldContainer[contract.Execution]
    | RepeatedCompositeFieldContainer[contract.Context]
)"""
TypeList: TypeAlias = """(
    RepeatedCompositeFieldContainer[contract.ArtifactType]
    | RepeatedCompositeFieldContainer[contract.ExecutionType]
    | RepeatedCompositeFieldContainer[contract.ContextType]
)"""


def node_list(kind: Kind, message: Message) -> NodeList:
    """Return the field ``artifacts``, ``executions`` or ``contexts`` of a message."""
    found: NodeList = getattr(message, f"{kind.value}s")
    return found


def type_list(kind: Kind, message: Message) -> TypeList:
    """Return the field ``artifact_types``, ``execution_types`` or ``context_types`` of a message."""
    found: TypeList = getattr(message, f"{kind.value}_types")
    return found


def id_list(kind: Kind, message: Message) -> RepeatedScalarFieldContainer[int]:
    """Return the field ``artifact_ids``, ``execution_ids`` or ``context_ids`` of a message."""
    found: RepeatedScalarFieldContainer[int] = getattr(message, f"{kind.value}_ids")
    return found
