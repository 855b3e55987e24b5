"""What a filter may name: the attributes of each kind of node, its properties and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from lineage_graph.catalog.compose import EVENTS
from lineage_graph.model import ArtifactState, EventType, ExecutionState, Kind


class ValueType(Enum):
    """What an expression's value is."""

    INT = "a whole number"
    DOUBLE = "a number"
    STRING = "a text"
    BOOL = "a condition"
    WORD = "a word of an enumeration"
    ANY = "a property"
    NULL = "NULL"


@dataclass(frozen=True)
class Attribute:
    """A field: its type, its Cypher with ``{}`` where the variable stands, the words it may be.

    A node may have none of the words where they are ``optional``, and then differs from each; ``key``
    is a property that an index holds.
    """

    type: ValueType
    cypher: str
    words: tuple[str, ...] = ()
    optional: bool = False
    key: str | None = None


@dataclass(frozen=True)
class RelatedNode:
    """What hangs on a node: the pattern that leads there, and the fields to be found there."""

    pattern: str
    attributes: Mapping[str, Attribute]


_INT = "id", "type_id", "create_time_since_epoch", "last_update_time_since_epoch"
_COMMON = {
    **{name: Attribute(ValueType.INT, f"{{}}.{name}") for name in _INT},
    "type": Attribute(ValueType.STRING, "{}.type"),
    "name": Attribute(ValueType.STRING, "{}.name"),
    "external_id": Attribute(ValueType.STRING, "{}.external_id", key="external_key"),
}
ATTRIBUTES: Mapping[Kind, Mapping[str, Attribute]] = {
    Kind.ARTIFACT: {
        **_COMMON,
        "uri": Attribute(ValueType.STRING, "coalesce({}.uri, '')", key="uri_key"),
        "state": Attribute(
            ValueType.WORD, "{}.state", tuple(s.value for s in ArtifactState), optional=True
        ),
    },
    Kind.EXECUTION: {
        **_COMMON,
        "last_known_state": Attribute(
            ValueType.WORD,
            "{}.last_known_state",
            tuple(s.value for s in ExecutionState),
            optional=True,
        ),
    },
    Kind.CONTEXT: _COMMON,
}
"""The attributes of the nodes themselves."""
STATES = {
    Kind.ARTIFACT: {"last_known_state": "state"},
    Kind.EXECUTION: {"state": "last_known_state"},
    Kind.CONTEXT: {},
}
"""What a state is called of another kind of node: short forms understand either name."""
_EVENT = {
    "type": Attribute(ValueType.WORD, "type({})", tuple(event.value for event in EventType)),
    "milliseconds_since_epoch": Attribute(ValueType.INT, "{}.milliseconds_since_epoch"),
}
_ARTIFACT_EVENT = {**_EVENT, "execution_id": Attribute(ValueType.INT, "{}_end.id")}
_EXECUTION_EVENT = {**_EVENT, "artifact_id": Attribute(ValueType.INT, "{}_end.id")}
NEIGHBOURS: Mapping[Kind, Mapping[str, RelatedNode]] = {
    Kind.ARTIFACT: {
        "contexts": RelatedNode("(n)-[:ATTRIBUTED_TO]->({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "events": RelatedNode(f"(n)-[{{0}}:{EVENTS}]-({{0}}_end:Execution)", _ARTIFACT_EVENT),
    },
    Kind.EXECUTION: {
        "contexts": RelatedNode("(n)-[:ASSOCIATED_WITH]->({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "events": RelatedNode(f"(n)-[{{0}}:{EVENTS}]-({{0}}_end:Artifact)", _EXECUTION_EVENT),
    },
    Kind.CONTEXT: {
        "parent_contexts": RelatedNode("(n)-[:CHILD_OF]->({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "child_contexts": RelatedNode("(n)<-[:CHILD_OF]-({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "artifacts": RelatedNode("(n)<-[:ATTRIBUTED_TO]-({}:Artifact)", ATTRIBUTES[Kind.ARTIFACT]),
        "executions": RelatedNode(
            "(n)<-[:ASSOCIATED_WITH]-({}:Execution)", ATTRIBUTES[Kind.EXECUTION]
        ),
    },
}
"""What hangs on the nodes of each kind, by the word that begins its alias (``contexts_run``)."""
PROPERTIES = {"properties": False, "custom_properties": True}
"""Where properties are found: whether they are custom ones."""
VALUES: Mapping[str, tuple[ValueType, str]] = {
    "int_value": (ValueType.INT, "INTEGER"),
    "double_value": (ValueType.DOUBLE, "FLOAT"),
    "string_value": (ValueType.STRING, "STRING"),
    "bool_value": (ValueType.BOOL, "BOOLEAN"),
}
"""The fields of a property: the type, and how Cypher calls it."""
