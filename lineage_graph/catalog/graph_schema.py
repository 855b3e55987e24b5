"""The fixed part of the graph as it is stored: labels, relationships, and the properties of each.

What a store adds to it are the labels of its types, their declared properties, and custom properties.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from lineage_graph.catalog.compose import COLUMN, SAME
from lineage_graph.model import INPUT_EVENTS, EventType, Kind

INTEGER, STRING = "INTEGER", "STRING"
_NOTHING: Mapping[str, tuple[str, str]] = MappingProxyType({})


@dataclass(frozen=True)
class NodeLabel:
    """A label: what its nodes are, and their properties by name, each with its kind and meaning."""

    name: str
    meaning: str
    properties: Mapping[str, tuple[str, str]] = field(default_factory=dict)


@dataclass(frozen=True)
class RelationshipType:
    """A type of relationship: the labels at its ends, what it says, and its properties."""

    name: str
    start: str
    end: str
    meaning: str
    properties: Mapping[str, tuple[str, str]] = field(default_factory=dict)


_MILLISECONDS = "ms since the epoch, UTC"
_NODE = {
    "id": (INTEGER, "number, unique among the nodes of this label"),
    "name": (STRING, "unique among the nodes of a type"),
    "type": (STRING, "name of the type, which is a second label of the node as well"),
    "type_id": (INTEGER, "id of the type's node"),
    "type_version": (STRING, "version of the type, where it has one"),
    "external_id": (STRING, "id in another system"),
    "origin": (STRING, "the record of an outside source that the node was made from"),
    "create_time_since_epoch": (INTEGER, _MILLISECONDS),
    "last_update_time_since_epoch": (INTEGER, _MILLISECONDS),
}
_TYPE = {
    "id": (INTEGER, "number, unique among the types of a kind"),
    "name": (STRING, "name of the type"),
    "version": (STRING, "version of the type, where it has one"),
    "description": (STRING, "what it is"),
    "external_id": (STRING, "id in another system"),
    "base_type": (STRING, "ML Metadata's type that it is a kind of"),
    "property_names": ("LIST<STRING>", "names of the declared properties"),
    "property_kinds": ("LIST<STRING>", "their kinds, in the same order"),
}
_OF_EXECUTION_TYPES = {
    "input_type": (STRING, "what its executions read, in ML Metadata's words"),
    "output_type": (STRING, "what its executions write, in ML Metadata's words"),
}
_EVENT = {
    "milliseconds_since_epoch": (INTEGER, f"when it was read or written, {_MILLISECONDS}"),
    "path": (STRING, "name and index among the inputs or outputs, as JSON"),
    "inferred_at": (INTEGER, f"when the link was inferred, {_MILLISECONDS}; told ones have none"),
}
_SAID = {
    EventType.INPUT: "the execution read it",
    EventType.OUTPUT: "the execution wrote it",
    EventType.DECLARED_INPUT: "the execution was declared to read it",
    EventType.DECLARED_OUTPUT: "the execution was declared to write it",
    EventType.INTERNAL_INPUT: "the execution read it for itself",
    EventType.INTERNAL_OUTPUT: "the execution wrote it for itself",
    EventType.PENDING_OUTPUT: "the execution is about to write it",
}

LABELS: tuple[NodeLabel, ...] = (
    NodeLabel(
        Kind.ARTIFACT.label,
        "something that was made or read: data, a model, metrics",
        {
            **_NODE,
            "uri": (STRING, "where it is"),
            "state": (STRING, "PENDING, LIVE, MARKED_FOR_DELETION, DELETED, ABANDONED, REFERENCE"),
        },
    ),
    NodeLabel(
        Kind.EXECUTION.label,
        "something that ran: a step",
        {
            **_NODE,
            "last_known_state": (STRING, "NEW, RUNNING, COMPLETE, FAILED, CACHED, CANCELED"),
        },
    ),
    NodeLabel(Kind.CONTEXT.label, "what groups them: a run, a pipeline, an experiment", _NODE),
    NodeLabel(f"{Kind.ARTIFACT.label}Type", "a type of artifacts", _TYPE),
    NodeLabel(
        f"{Kind.EXECUTION.label}Type", "a type of executions", {**_TYPE, **_OF_EXECUTION_TYPES}
    ),
    NodeLabel(f"{Kind.CONTEXT.label}Type", "a type of contexts", _TYPE),
)
"""The labels that people ask for."""
OWN_LABELS = ("Store", "Sequence", "Source")
"""Labels of the store's own records."""


def _event(event: EventType) -> RelationshipType:
    ends = (Kind.ARTIFACT.label, Kind.EXECUTION.label)
    start, end = ends if event in INPUT_EVENTS else ends[::-1]
    return RelationshipType(event.value, start, end, _SAID[event], _EVENT)


RELATIONSHIPS: tuple[RelationshipType, ...] = (
    *(_event(event) for event in _SAID),
    RelationshipType(
        "ATTRIBUTED_TO", "Artifact", "Context", "the artifact belongs to the context", _NOTHING
    ),
    RelationshipType(
        "ASSOCIATED_WITH", "Execution", "Context", "the execution belongs to the context", _NOTHING
    ),
    RelationshipType(
        "CHILD_OF", "Context", "Context", "the context is part of the other", _NOTHING
    ),
    RelationshipType(
        SAME,
        "Artifact",
        "Artifact",
        "both are the same thing, seen by two tools",
        {"by": (STRING, "what shows it: uri, sha256, md5, …")},
    ),
    RelationshipType(
        COLUMN,
        "Artifact",
        "Artifact",
        "a column was made from a column",
        {
            "from_column": (STRING, "column of the artifact at the start"),
            "to_column": (STRING, "column of the artifact at the end"),
            "kind": (STRING, "how it was made, in the words of the tool that told it"),
        },
    ),
    RelationshipType(
        "SUBTYPE_OF", "ArtifactType", "ArtifactType", "the type is a kind of the other", _NOTHING
    ),
)
"""The types of relationships; SUBTYPE_OF leads likewise between types of executions and of contexts."""
PROPERTY_NAMES = frozenset(
    name
    for properties in (
        *(one.properties for one in LABELS),
        *(one.properties for one in RELATIONSHIPS),
    )
    for name in properties
)
"""The names of all these properties."""
