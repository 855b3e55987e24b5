"""The only mapping between the model and the graph's properties; ``catalog.names`` has their names."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from lineage_graph.catalog.names import (
    CUSTOM,
    HIDDEN,
    RESERVED,
    custom_name,
    declared_name,
    index_key,
    property_key,
)
from lineage_graph.catalog.property_index_keys import seek_keys
from lineage_graph.errors import DamagedStore
from lineage_graph.model import (
    NODE_CLASSES,
    TYPE_CLASSES,
    Artifact,
    ArtifactState,
    BaseType,
    ColumnLineage,
    Event,
    EventType,
    Execution,
    ExecutionState,
    Kind,
    Node,
    PropertyKind,
    Proto,
    Type,
    Value,
    kind_of,
)
from lineage_graph.model.same_as import digests_of

Row = dict[str, Any]


def name_key(type_id: int, name: str) -> str:
    """Return what must be unique among the nodes of a kind: a name within its type."""
    return f"{type_id}:{index_key(name)}"


def type_key(name: str, version: str) -> str:
    """Return what must be unique among the types of a kind: the name and the version."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n")
    return index_key(f"{escaped}\n{version}" if version else escaped)


def node_row(
    node: Node, node_id: int, node_type: Type, created: int | None, updated: int | None
) -> Row:
    """Return a node as the properties of its node in the graph; absent fields are left out."""
    type_id = node_type.id or 0
    row: Row = {
        "id": node_id,
        "type": node_type.name,
        "type_id": type_id,
    }
    if created is not None:
        row["create_time_since_epoch"] = created
    if updated is not None:
        row["last_update_time_since_epoch"] = updated
    if node_type.version:
        row["type_version"] = node_type.version
    if node.name is not None:
        row["name"] = node.name
        row["name_key"] = name_key(type_id, node.name)
    if node.external_id is not None:
        row["external_id"] = node.external_id
        row["external_key"] = index_key(node.external_id)
    if node.origin is not None:
        row["origin"] = node.origin
    if isinstance(node, Artifact):
        if node.state is not None:
            row["state"] = node.state.value
        row["uri_key"] = index_key(node.uri)  # also of none: ML Metadata finds artifacts without
        if node.uri:
            row["uri"] = node.uri
        row |= digest_keys(node)
    elif isinstance(node, Execution) and node.last_known_state is not None:
        row["last_known_state"] = node.last_known_state.value
    properties = add_properties(row, node)
    if node.kind is not Kind.CONTEXT:
        row.update(seek_keys(properties, node_id))
    return row


def digest_keys(artifact: Artifact) -> Row:
    """Return an artifact's digests as the indexes hold them."""
    return {f"{name}_key": index_key(text) for name, text in digests_of(artifact).items()}


def add_properties(row: Row, node: Node) -> Row:
    """Add a node's properties to its row, and return those of them that the graph holds as they are."""
    kinds: dict[str, str] = {}
    plain: Row = {}
    for custom, values in ((False, node.properties), (True, node.custom_properties)):
        for name, value in values.items():
            key = property_key(name, custom)
            kind = kind_of(value)
            if kind is PropertyKind.PROTO and isinstance(value, Proto):
                kinds[key], row[key] = kind.value, value.model_dump_json()
            elif kind is PropertyKind.STRUCT:
                # A struct has no order; in one, equal ones are stored as equal texts.
                kinds[key] = kind.value
                row[key] = json.dumps(value, ensure_ascii=False, sort_keys=True)
            else:
                row[key] = plain[key] = value
    if kinds:
        row["value_kinds"] = json.dumps(kinds, sort_keys=True)
    return plain


def with_keys(kind: Kind, row: Row) -> Row:
    """Return a stored row with the keys of its properties and digests, which nodes of older releases lack."""
    kinds = json.loads(row["value_kinds"]) if "value_kinds" in row else {}
    properties = {key: v for key, v in row.items() if key not in RESERVED and key not in kinds}
    found = row | seek_keys(properties, row["id"])
    node = node_from_row(kind, row)
    return found | digest_keys(node) if isinstance(node, Artifact) else found


_BROKEN = (AttributeError, KeyError, TypeError, ValueError)
"""What reading a row raises that cannot be what was written."""


def node_from_row(kind: Kind, row: Mapping[str, Any]) -> Node:
    """Return the node of these properties; they come from us, so they are not validated again.

    Raises:
        DamagedStore: they cannot be what was written.
    """
    try:
        return _node_from_row(kind, row)
    except _BROKEN as error:
        raise _damaged(kind, row, error) from error


def _damaged(kind: Kind, row: Mapping[str, Any], error: Exception) -> DamagedStore:
    """Return the error that names the node, and the property where it is known which."""
    named = f"The {kind.value} {row.get('id', 'without an id')}"
    for key, value in row.items():
        try:
            _node_from_row(kind, {key: value, "value_kinds": row.get("value_kinds", "{}")})
        except _BROKEN as reason:
            return damaged(f"{named}: its property {place(key)[1]!r} cannot be read ({reason!r})")
    return damaged(f"{named} cannot be read ({error!r})")


def damaged(what: str) -> DamagedStore:
    """Return the error that says what is damaged, and what helps."""
    return DamagedStore(
        f"The store is damaged. {what}.",
        hint="doctor --deep looks at all of it; a backup can be read into an empty store.",
    )


def _node_from_row(kind: Kind, row: Mapping[str, Any]) -> Node:
    kinds: dict[str, str] = json.loads(row["value_kinds"]) if "value_kinds" in row else {}
    fields: Row = {"properties": {}, "custom_properties": {}}
    for key, value in row.items():
        into, name = place(key)
        if into == "fields":
            fields[name] = value
        elif into:
            fields[into][name] = decoded(kinds[key], value) if key in kinds else value
    if kind is Kind.ARTIFACT:
        if "state" in fields:
            fields["state"] = _ARTIFACT_STATES[fields["state"]]
    elif kind is Kind.EXECUTION and "last_known_state" in fields:
        fields["last_known_state"] = _EXECUTION_STATES[fields["last_known_state"]]
    return NODE_CLASSES[kind].built(**fields)


_ARTIFACT_STATES = {state.value: state for state in ArtifactState}
_EXECUTION_STATES = {state.value: state for state in ExecutionState}


@lru_cache(maxsize=10_000)
def place(key: str) -> tuple[str, str]:
    """Return where a property of the graph goes in the model, and its name there."""
    if key in RESERVED:
        return ("", key) if key in HIDDEN else ("fields", key)
    if key.startswith(CUSTOM):
        return "custom_properties", custom_name(key)
    return "properties", declared_name(key)


def decoded(kind: str, text: str) -> Value:
    if kind == PropertyKind.PROTO.value:
        return Proto.model_validate_json(text)
    struct: dict[str, Any] = json.loads(text)
    return struct


def same_row(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """True where both rows hold the same values of the same kinds (1 is not 1.0; NaN is NaN)."""
    return one.keys() == other.keys() and all(
        type(value) is type(other[key])
        and (value == other[key] or (value != value and other[key] != other[key]))
        for key, value in one.items()
    )


def type_row(node_type: Type, type_id: int) -> Row:
    """Return a type as the properties of its node in the graph."""
    row: Row = {
        "id": type_id,
        "name": node_type.name,
        "name_key": type_key(node_type.name, node_type.version),
        "property_names": list(node_type.properties),
        "property_kinds": [kind.value for kind in node_type.properties.values()],
    }
    optional = {
        "version": node_type.version or None,
        "description": node_type.description,
        "external_id": node_type.external_id,
        "external_key": None if node_type.external_id is None else index_key(node_type.external_id),
        "base_type": None if node_type.base_type is None else node_type.base_type.value,
        "input_type": getattr(node_type, "input_type", None),
        "output_type": getattr(node_type, "output_type", None),
    }
    row.update({key: value for key, value in optional.items() if value is not None})
    return row


def type_from_row(kind: Kind, row: Mapping[str, Any]) -> Type:
    """Return the type of these properties.

    Raises:
        DamagedStore: they cannot be what was written.
    """
    try:
        return _type_from_row(kind, row)
    except _BROKEN as error:
        name = f"the type of {kind.value}s {row.get('name', row.get('id', ''))!r}"
        raise damaged(f"{name} cannot be read ({error!r})") from error


def _type_from_row(kind: Kind, row: Mapping[str, Any]) -> Type:
    fields: Row = {
        key: row[key]
        for key in ("id", "name", "version", "description", "external_id")
        if key in row
    }
    if kind is Kind.EXECUTION:
        fields |= {key: row[key] for key in ("input_type", "output_type") if key in row}
    if "base_type" in row:
        fields["base_type"] = BaseType(row["base_type"])
    names, kinds = row.get("property_names", ()), row.get("property_kinds", ())
    fields["properties"] = {
        name: PropertyKind(value) for name, value in zip(names, kinds, strict=True)
    }
    return TYPE_CLASSES[kind].model_construct(None, **fields)


def event_row(event: Event, now: int | None) -> Row:
    """Return an event as the properties of its relationship; ``now`` is None where it is a copy.

    The time of a copied event is not known where its source has none, or 0.
    """
    when = event.milliseconds_since_epoch
    if now is None:
        when = when or None
    elif when is None:
        when = now
    row: Row = {} if when is None else {"milliseconds_since_epoch": when}
    if event.path:
        row["path"] = json.dumps(event.path, ensure_ascii=False)
    if event.inferred_at is not None:
        row["inferred_at"] = event.inferred_at
    return row


_EVENT_TYPES = {event.value: event for event in EventType}


def event_from_row(artifact: int, execution: int, event_type: str, row: Mapping[str, Any]) -> Event:
    """Return the event of this relationship."""
    when, inferred_at = row.get("milliseconds_since_epoch"), row.get("inferred_at")
    return event_of(artifact, execution, event_type, when, row.get("path"), inferred_at)


def event_of(
    artifact: int,
    execution: int,
    event_type: str,
    when: int | None,
    path: str | None,
    inferred_at: int | None = None,
) -> Event:
    """Return the event of a relationship of this type, time, path and moment.

    Raises:
        DamagedStore: they cannot be what was written.
    """
    try:
        return Event.built(
            artifact_id=artifact,
            execution_id=execution,
            type=_EVENT_TYPES[event_type],
            path=() if path is None else tuple(json.loads(path)),
            milliseconds_since_epoch=when,
            inferred_at=inferred_at,
        )
    except _BROKEN as error:
        raise _damaged_link(event_type, source=artifact, target=execution, error=error) from error


def _damaged_link(link: str, source: int, target: int, error: Exception) -> DamagedStore:
    return damaged(f"The link {link} between {source} and {target} cannot be read ({error!r})")


def column_of(source: int, target: int, row: Mapping[str, Any]) -> ColumnLineage:
    """Return what a relationship between columns says."""
    try:
        return ColumnLineage.built(
            source_id=source,
            source_column=row["from_column"],
            target_id=target,
            target_column=row["to_column"],
            kind=row.get("kind", ""),
        )
    except _BROKEN as error:
        raise _damaged_link("COLUMN", source, target, error) from error
