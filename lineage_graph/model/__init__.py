"""The nouns: values, types, nodes, links and Subgraph. Frozen pydantic, no I/O."""

from lineage_graph.model.graph import Degree, Subgraph
from lineage_graph.model.links import (
    ENDS,
    Association,
    Attribution,
    ColumnLineage,
    Event,
    Link,
    ParentContext,
    SameAs,
)
from lineage_graph.model.nodes import Artifact, Context, Execution, Node, Ref
from lineage_graph.model.types import ArtifactType, ContextType, ExecutionType, Type
from lineage_graph.model.values import (
    INPUT_EVENTS,
    OUTPUT_EVENTS,
    ArtifactState,
    BaseType,
    EventType,
    ExecutionState,
    Kind,
    Properties,
    PropertyKind,
    Proto,
    Value,
    kind_of,
)

__all__ = [
    "ENDS",
    "INPUT_EVENTS",
    "OUTPUT_EVENTS",
    "Artifact",
    "ArtifactState",
    "ArtifactType",
    "Association",
    "Attribution",
    "BaseType",
    "ColumnLineage",
    "Context",
    "ContextType",
    "Degree",
    "Event",
    "EventType",
    "Execution",
    "ExecutionState",
    "ExecutionType",
    "Kind",
    "Link",
    "Node",
    "ParentContext",
    "Properties",
    "PropertyKind",
    "Proto",
    "Ref",
    "SameAs",
    "Subgraph",
    "Type",
    "Value",
    "kind_of",
]
