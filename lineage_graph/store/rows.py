"""The only mapping between the model and the graph's properties.

A declared property keeps its name, a custom one is ``custom_<name>``, ML Metadata's own fields keep
theirs. Two rules make the mapping one to one: a declared name that equals a field's name, with any
number of underscores behind it, gets one more behind; a declared name that reads ``custom_…``, with
any number of underscores before it, gets one more before. Where a name is empty, or has a NUL or a
backslash in it, those are written ``\\e``, ``\\0`` and ``\\\\``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

from lineage_graph.model import (
    Artifact,
    ArtifactState,
    ArtifactType,
    BaseType,
    Context,
    ContextType,
    Event,
    EventType,
    Execution,
    ExecutionState,
    ExecutionType,
    Kind,
    Node,
    PropertyKind,
    Proto,
    Type,
    Value,
    kind_of,
)

Row = dict[str, Any]

NODE_CLASSES: dict[Kind, type[Node]] = {
    Kind.ARTIFACT: Artifact,
    Kind.EXECUTION: Execution,
    Kind.CONTEXT: Context,
}
TYPE_CLASSES: dict[Kind, type[Type]] = {
    Kind.ARTIFACT: ArtifactType,
    Kind.EXECUTION: ExecutionType,
    Kind.CONTEXT: ContextType,
}
_FIELDS = (
    "id",
    "type_id",
    "type",
    "type_version",
    "name",
    "external_id",
    "origin",
    "create_time_since_epoch",
    "last_update_time_since_epoch",
    "uri",
    "state",
    "last_known_state",
)
_HIDDEN = ("name_key", "external_key", "uri_key", "value_kinds")
_RESERVED = frozenset(_FIELDS + _HIDDEN)
_CUSTOM = "custom_"
_LOOKS_RESERVED = re.compile(rf"(?:{'|'.join(sorted(_RESERVED))})_*")
_LOOKS_CUSTOM = re.compile(rf"_*{_CUSTOM}")
_ESCAPE = re.compile(r"\\([0e\\])")
_KEY_LENGTH = 200


def index_key(text: str) -> str:
    """Return the text as indexes hold it: itself where short, else its start and its SHA-256.

    Indexes of both engines refuse long values (Neo4j: about 8 kB), names and URIs have no limit.
    """
    if len(text) <= _KEY_LENGTH:
        return text
    digest = hashlib.sha256(text.encode()).hexdigest()
    return f"{text[: _KEY_LENGTH - len(digest) - 1]}#{digest}"


def name_key(type_id: int, name: str) -> str:
    """Return what must be unique among the nodes of a kind: a name within its type."""
    return f"{type_id}:{index_key(name)}"


def type_key(name: str, version: str) -> str:
    """Return what must be unique among the types of a kind: the name and the version."""
    escaped = name.replace("\\", "\\\\").replace("\n", "\\n")
    return index_key(f"{escaped}\n{version}" if version else escaped)


def property_key(name: str, *, custom: bool = False) -> str:
    """Return the graph's name of a declared or a custom property."""
    name = _escaped(name)
    if custom:
        return _CUSTOM + name
    if _LOOKS_RESERVED.fullmatch(name):
        return name + "_"
    return "_" + name if _LOOKS_CUSTOM.match(name) else name


def _escaped(name: str) -> str:
    """Neo4j's property names are never empty and hold no NUL."""
    return name.replace("\\", "\\\\").replace("\0", "\\0") or "\\e"


def _unescaped(key: str) -> str:
    if "\\" not in key:
        return key
    return _ESCAPE.sub(lambda found: {"0": "\0", "e": "", "\\": "\\"}[found[1]], key)


def _declared_name(key: str) -> str:
    if key.endswith("_") and _LOOKS_RESERVED.fullmatch(key):
        return _unescaped(key[:-1])
    return _unescaped(key[1:] if key.startswith("_") and _LOOKS_CUSTOM.match(key) else key)


def node_row(node: Node, node_id: int, node_type: Type, created: int, updated: int) -> Row:
    """Return a node as the properties of its node in the graph; absent fields are left out."""
    type_id = node_type.id or 0
    row: Row = {
        "id": node_id,
        "type": node_type.name,
        "type_id": type_id,
        "create_time_since_epoch": created,
        "last_update_time_since_epoch": updated,
    }
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
        row["state"] = node.state.value
        if node.uri:
            row["uri"] = node.uri
            row["uri_key"] = index_key(node.uri)
    elif isinstance(node, Execution):
        row["last_known_state"] = node.last_known_state.value
    _add_properties(row, node)
    return row


def _add_properties(row: Row, node: Node) -> None:
    kinds: dict[str, str] = {}
    for custom, values in ((False, node.properties), (True, node.custom_properties)):
        for name, value in values.items():
            key = property_key(name, custom=custom)
            kind = kind_of(value)
            if isinstance(value, Proto):
                kinds[key], value = kind.value, value.model_dump_json()
            elif isinstance(value, dict):
                kinds[key], value = kind.value, json.dumps(value, ensure_ascii=False)
            row[key] = value
    if kinds:
        row["value_kinds"] = json.dumps(kinds, sort_keys=True)


def node_from_row(kind: Kind, row: Mapping[str, Any]) -> Node:
    """Return the node of these properties; they come from us, so they are not validated again."""
    kinds: dict[str, str] = json.loads(row["value_kinds"]) if "value_kinds" in row else {}
    fields: Row = {}
    declared: dict[str, Value] = {}
    custom: dict[str, Value] = {}
    for key, value in row.items():
        if key in _RESERVED:
            if key not in _HIDDEN:
                fields[key] = value
            continue
        if key in kinds:
            value = _decode(kinds[key], value)
        if key.startswith(_CUSTOM):
            custom[_unescaped(key[len(_CUSTOM) :])] = value
        else:
            declared[_declared_name(key)] = value
    if kind is Kind.ARTIFACT:
        fields["state"] = ArtifactState(fields.get("state", "UNKNOWN"))
    elif kind is Kind.EXECUTION:
        fields["last_known_state"] = ExecutionState(fields.get("last_known_state", "UNKNOWN"))
    return NODE_CLASSES[kind].model_construct(
        None, properties=declared, custom_properties=custom, **fields
    )


def _decode(kind: str, text: str) -> Value:
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
    """Return the type of these properties."""
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


def event_row(event: Event, now: int) -> Row:
    """Return an event as the properties of its relationship."""
    when = event.milliseconds_since_epoch
    row: Row = {"milliseconds_since_epoch": now if when is None else when}
    if event.path:
        row["path"] = json.dumps(event.path, ensure_ascii=False)
    return row


def event_from_row(artifact: int, execution: int, event_type: str, row: Mapping[str, Any]) -> Event:
    """Return the event of this relationship."""
    return Event.model_construct(
        None,
        artifact_id=artifact,
        execution_id=execution,
        type=EventType(event_type),
        path=tuple(json.loads(row["path"])) if "path" in row else (),
        milliseconds_since_epoch=row.get("milliseconds_since_epoch"),
    )
