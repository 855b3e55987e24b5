"""What a filter may name: the attributes of each kind of node, its properties and its neighbours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from lineage_graph.catalog.compose import EVENTS
from lineage_graph.model import ArtifactState, EventType, ExecutionState, Kind


class Type(Enum):
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

    type: Type
    cypher: str
    words: tuple[str, ...] = ()
    optional: bool = False
    key: str | None = None


@dataclass(frozen=True)
class Neighbour:
    """What hangs on a node: the pattern that leads there, and the fields to be found there."""

    pattern: str
    attributes: Mapping[str, Attribute]


_INT = "id", "type_id", "create_time_since_epoch", "last_update_time_since_epoch"
_COMMON = {
    **{name: Attribute(Type.INT, f"{{}}.{name}") for name in _INT},
    "type": Attribute(Type.STRING, "{}.type"),
    "name": Attribute(Type.STRING, "{}.name"),
    "external_id": Attribute(Type.STRING, "{}.external_id", key="external_key"),
}
ATTRIBUTES: Mapping[Kind, Mapping[str, Attribute]] = {
    Kind.ARTIFACT: {
        **_COMMON,
        "uri": Attribute(Type.STRING, "coalesce({}.uri, '')", key="uri_key"),
        "state": Attribute(
            Type.WORD, "{}.state", tuple(s.value for s in ArtifactState), optional=True
        ),
    },
    Kind.EXECUTION: {
        **_COMMON,
        "last_known_state": Attribute(
            Type.WORD, "{}.last_known_state", tuple(s.value for s in ExecutionState), optional=True
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
    "type": Attribute(Type.WORD, "type({})", tuple(event.value for event in EventType)),
    "milliseconds_since_epoch": Attribute(Type.INT, "{}.milliseconds_since_epoch"),
}
_ARTIFACT_EVENT = {**_EVENT, "execution_id": Attribute(Type.INT, "{}_end.id")}
_EXECUTION_EVENT = {**_EVENT, "artifact_id": Attribute(Type.INT, "{}_end.id")}
NEIGHBOURS: Mapping[Kind, Mapping[str, Neighbour]] = {
    Kind.ARTIFACT: {
        "contexts": Neighbour("(n)-[:ATTRIBUTED_TO]->({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "events": Neighbour(f"(n)-[{{0}}:{EVENTS}]-({{0}}_end:Execution)", _ARTIFACT_EVENT),
    },
    Kind.EXECUTION: {
        "contexts": Neighbour("(n)-[:ASSOCIATED_WITH]->({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "events": Neighbour(f"(n)-[{{0}}:{EVENTS}]-({{0}}_end:Artifact)", _EXECUTION_EVENT),
    },
    Kind.CONTEXT: {
        "parent_contexts": Neighbour("(n)-[:CHILD_OF]->({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "child_contexts": Neighbour("(n)<-[:CHILD_OF]-({}:Context)", ATTRIBUTES[Kind.CONTEXT]),
        "artifacts": Neighbour("(n)<-[:ATTRIBUTED_TO]-({}:Artifact)", ATTRIBUTES[Kind.ARTIFACT]),
        "executions": Neighbour(
            "(n)<-[:ASSOCIATED_WITH]-({}:Execution)", ATTRIBUTES[Kind.EXECUTION]
        ),
    },
}
"""What hangs on the nodes of each kind, by the word that begins its alias (``contexts_run``)."""
PROPERTIES = {"properties": False, "custom_properties": True}
"""Where properties are found: whether they are custom ones."""
VALUES: Mapping[str, tuple[Type, str]] = {
    "int_value": (Type.INT, "INTEGER"),
    "double_value": (Type.DOUBLE, "FLOAT"),
    "string_value": (Type.STRING, "STRING"),
    "bool_value": (Type.BOOL, "BOOLEAN"),
}
"""The fields of a property: the type, and how Cypher calls it."""
