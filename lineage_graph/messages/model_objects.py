"""Converts nodes, types and links between ML Metadata's messages and our model objects.

A field that a message does not set becomes None or the default of the model object. In the other
direction, None leaves the field unset: ML Metadata's clients call ``HasField``, which tells an unset
field from an empty one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from google.protobuf import json_format

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages import contract
from lineage_graph.messages.by_kind import NodeList, TypeList
from lineage_graph.messages.pool import enum_names
from lineage_graph.messages.values import read_value, write_value
from lineage_graph.model import (
    NODE_CLASSES,
    TYPE_CLASSES,
    Artifact,
    ArtifactState,
    BaseType,
    Event,
    EventType,
    ExecutionState,
    Kind,
    Node,
    Properties,
    PropertyKind,
    Type,
)

if TYPE_CHECKING:
    from google.protobuf.internal.containers import RepeatedCompositeFieldContainer

_STATES: dict[Kind, tuple[str, dict[int, ArtifactState] | dict[int, ExecutionState]]] = {
    Kind.ARTIFACT: (
        "state",
        {number: ArtifactState(name) for number, name in enum_names("Artifact.State").items()},
    ),
    Kind.EXECUTION: (
        "last_known_state",
        {number: ExecutionState(name) for number, name in enum_names("Execution.State").items()},
    ),
}
_STATE_NUMBERS = {
    kind: {state: number for number, state in states.items()}
    for kind, (_, states) in _STATES.items()
}
_PROPERTY_KINDS = {
    number: PropertyKind(name)
    for number, name in enum_names("PropertyType").items()
    if name != "UNKNOWN"
}
_PROPERTY_NUMBERS = {kind: number for number, kind in _PROPERTY_KINDS.items()}
_EVENT_TYPES = {
    number: EventType(name)
    for number, name in enum_names("Event.Type").items()
    if name != "UNKNOWN"
}
EVENT_NUMBERS = {event: number for number, event in _EVENT_TYPES.items()}
_BASE_TYPES = {
    kind: {
        number: BaseType(f"mlmd.{name.capitalize()}")
        for number, name in enum_names(f"{kind.label}Type.SystemDefinedBaseType").items()
        if number
    }
    for kind in Kind
}
_BASE_NUMBERS = {
    kind: {base: number for number, base in bases.items()} for kind, bases in _BASE_TYPES.items()
}
_STRUCT_TYPES = ("input_type", "output_type")


# Nodes


def read_node(kind: Kind, given: contract.Node, node_id: int | None = None) -> Node:
    """Return a message as a node with the id ``node_id``; fields that only the server sets are ignored.

    Raises:
        InvalidArgument: a property has no value.
    """
    fields: dict[str, Any] = {"id": node_id}
    if given.HasField("type_id"):
        fields["type_id"] = given.type_id
    if given.HasField("name"):
        fields["name"] = given.name
    if given.HasField("external_id"):
        fields["external_id"] = given.external_id
    if isinstance(given, contract.Artifact) and given.uri:
        fields["uri"] = given.uri
    if kind in _STATES:
        name, states = _STATES[kind]
        fields[name] = states[getattr(given, name)] if given.HasField(name) else None
    return NODE_CLASSES[kind].built(
        properties=_read_properties(given.properties, custom=False),
        custom_properties=_read_properties(given.custom_properties, custom=True),
        last_update_time_since_epoch=given.last_update_time_since_epoch or None,
        **fields,
    )


def _read_properties(given: Mapping[str, contract.Value], *, custom: bool) -> Properties:
    properties: Properties = {}
    for name, value in given.items():
        found = read_value(value)
        if found is None:
            what = "Found custom property" if custom else "Found unmatched property type"
            raise InvalidArgument(f"{what}: {name} has no value.", hint="Set it.")
        properties[name] = found
    return properties


def write_node(kind: Kind, node: Node, target: contract.Node) -> None:
    """Fill an empty message with a stored node."""
    target.id = node.id or 0
    target.type_id = node.type_id or 0
    target.type = node.type or ""
    if node.name is not None:
        target.name = node.name
    if node.external_id is not None:
        target.external_id = node.external_id
    if isinstance(node, Artifact) and isinstance(target, contract.Artifact):
        target.uri = node.uri
    if kind in _STATES:
        name, _ = _STATES[kind]
        state = getattr(node, name)
        if state is not None:
            setattr(target, name, _STATE_NUMBERS[kind][state])
    for values, into in (
        (node.properties, target.properties),
        (node.custom_properties, target.custom_properties),
    ):
        for key, value in values.items():
            write_value(value, into[key])
    # ML Metadata always sets its times, to 0 where a store does not know them.
    target.create_time_since_epoch = node.create_time_since_epoch or 0
    target.last_update_time_since_epoch = node.last_update_time_since_epoch or 0


def write_nodes(kind: Kind, nodes: Iterable[Node], into: NodeList) -> None:
    """Add stored nodes to a repeated field."""
    for node in nodes:
        write_node(kind, node, into.add())


# Types


def read_type(kind: Kind, given: contract.NodeType) -> Type:
    """Return a message as a type; the id of the message is ignored.

    Raises:
        InvalidArgument: the type has no name, or a property of it no kind.
    """
    if not given.name:
        raise InvalidArgument(f"The {kind.value} type has no name.", hint="Give it one.")
    fields: dict[str, Any] = {"name": given.name, "version": given.version}
    for name in ("description", "external_id"):
        if given.HasField(name):
            fields[name] = getattr(given, name)
    if given.HasField("base_type"):
        fields["base_type"] = _BASE_TYPES[kind].get(given.base_type)
    for name in _STRUCT_TYPES:
        if kind is Kind.EXECUTION and given.HasField(name):
            fields[name] = json_format.MessageToJson(getattr(given, name), indent=None)
    fields["properties"] = {}
    for name, number in given.properties.items():
        if number not in _PROPERTY_KINDS:
            raise InvalidArgument(
                f"The property {name!r} of {kind.value} type {given.name!r} has no kind.",
                hint="Declare it as INT, DOUBLE, STRING, STRUCT, PROTO or BOOLEAN.",
            )
        fields["properties"][name] = _PROPERTY_KINDS[number]
    return TYPE_CLASSES[kind].built(**fields)


def write_type(kind: Kind, stored: Type, target: contract.NodeType) -> None:
    """Fill an empty message with a stored type."""
    target.id = stored.id or 0
    target.name = stored.name
    if stored.version:
        target.version = stored.version
    if stored.description is not None:
        target.description = stored.description
    if stored.external_id is not None:
        target.external_id = stored.external_id
    if stored.base_type is not None:
        target.base_type = _BASE_NUMBERS[kind][stored.base_type]
    for name, property_kind in stored.properties.items():
        target.properties[name] = _PROPERTY_NUMBERS[property_kind]
    for name in _STRUCT_TYPES:
        if text := getattr(stored, name, None):
            json_format.Parse(text, getattr(target, name))


def write_types(kind: Kind, types: Iterable[Type], into: TypeList) -> None:
    """Add stored types to a repeated field."""
    for stored in types:
        write_type(kind, stored, into.add())


# Events


def read_event(given: contract.Event, artifact_id: int, execution_id: int) -> Event:
    """Return a message as an event between two nodes.

    Raises:
        InvalidArgument: it has no type, or a step of its path neither index nor key.
    """
    if given.type not in _EVENT_TYPES:
        raise InvalidArgument("The event has no type.", hint="Set it to INPUT or OUTPUT, say.")
    has_time = given.HasField("milliseconds_since_epoch")
    return Event.built(
        artifact_id=artifact_id,
        execution_id=execution_id,
        type=_EVENT_TYPES[given.type],
        path=tuple(_read_step(step) for step in given.path.steps),
        milliseconds_since_epoch=given.milliseconds_since_epoch if has_time else None,
    )


def _read_step(step: contract.Event.Path.Step) -> int | str:
    chosen = step.WhichOneof("value")
    if chosen is None:
        raise InvalidArgument("A step of the event's path has neither index nor key.")
    found: int | str = getattr(step, chosen)
    return found


def write_events(
    events: Iterable[Event], into: RepeatedCompositeFieldContainer[contract.Event]
) -> None:
    """Add stored events to a repeated field."""
    add = into.add
    for event in events:
        target = add(
            artifact_id=event.artifact_id,
            execution_id=event.execution_id,
            type=EVENT_NUMBERS[event.type],
        )
        if event.milliseconds_since_epoch is not None:
            target.milliseconds_since_epoch = event.milliseconds_since_epoch
        write_path(event.path, target.path)


def write_path(steps: Iterable[int | str], into: contract.Event.Path) -> None:
    """Add the steps of an event's path."""
    for step in steps:
        if isinstance(step, int):
            into.steps.add(index=step)
        else:
            into.steps.add(key=step)
