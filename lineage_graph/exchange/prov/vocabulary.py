"""How our own nodes and types are said in PROV, word for word, and understood again.

A node is named ``urn:lineage-graph:store:<store>:<kind>/<id>``. Its type is its ``prov:type``, its name
its ``prov:label``, an artifact's uri its ``prov:location``. A declared property stands under
``property:<name>``, a custom one under ``custom:<name>``, with a datatype that says its kind;
whatever else a node has, under ``lg:<field>``. A type is an entity of the type ``lg:Type``.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone
from typing import Any, NamedTuple
from urllib.parse import quote, unquote

from prov.constants import PROV_LABEL, PROV_LOCATION, PROV_TYPE
from prov.identifier import Identifier, Namespace, QualifiedName
from prov.model import Literal, ProvRecord
from pydantic import ValidationError

from lineage_graph.model import (
    NODE_CLASSES,
    TYPE_CLASSES,
    Artifact,
    Event,
    EventType,
    Kind,
    Node,
    Proto,
    Type,
    Value,
)
from lineage_graph.model.values import kind_of

OURS = "urn:lineage-graph:"
FIELDS = Namespace("lg", f"{OURS}field:")
TYPES = Namespace("type", f"{OURS}type:")
PROPERTIES = Namespace("property", f"{OURS}property:")
CUSTOM = Namespace("custom", f"{OURS}custom:")
TYPE = FIELDS["Type"]
DEFINITION = FIELDS["definition"]
EVENT, PATH, TIME = FIELDS["event"], FIELDS["path"], FIELDS["time"]
INFERRED = FIELDS["inferredAt"]
STRUCT, PROTO = FIELDS["struct"], FIELDS["proto"]
_STORES = f"{OURS}store:"
_EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
_ELSEWHERE = {"id", "type_id", "type", "type_version", "name", "uri"} | {
    "properties",
    "custom_properties",
}
_MEMBERSHIPS = ("wasAttributedTo", "wasAssociatedWith", "actedOnBehalfOf", "alternateOf")
Attributes = list[tuple[QualifiedName, Any]]


class ProvRelation(NamedTuple):
    """A link of ours; where it is an event, ``type``, ``path``, when (ms), and if inferred, of when (µs)."""

    type: EventType | None = None
    path: tuple[str | int, ...] = ()
    at: int | None = None
    inferred_at: int | None = None


def name_of(store: str, node_kind: Kind, node_id: int) -> QualifiedName:
    """Return the name of a stored node."""
    return Namespace("store", f"{_STORES}{quote(store, safe='')}:")[f"{node_kind.value}/{node_id}"]


def foreign_name(uri: str) -> QualifiedName:
    """Return the name of a thing of others by its URI, for links of ours to it."""
    cut = max(uri.rfind(end) for end in "/#:") + 1
    return Namespace("of", uri[:cut] or "urn:")[uri[cut:]]


def origin_of(uri: str) -> str | None:
    """Return the origin of a node of ours by its name; None for names of others."""
    if not uri.startswith(_STORES):
        return None
    store, _, rest = uri.removeprefix(_STORES).partition(":")
    return f"store:{unquote(store)}:{rest.replace('/', ':')}"


def attributes_of(node: Node) -> Attributes:
    """Return what a node says of itself."""
    found: Attributes = []
    if node.type is not None:
        found.append((PROV_TYPE, _type_name(node.kind, node.type, node.type_version or "")))
    if node.name is not None:
        found.append((PROV_LABEL, node.name))
    if isinstance(node, Artifact) and node.uri:
        found.append((PROV_LOCATION, Identifier(node.uri)))
    rest = node.model_dump(mode="json", exclude=_ELSEWHERE, exclude_defaults=True)
    found += [(FIELDS[name], value) for name, value in rest.items()]
    for namespace, values in ((PROPERTIES, node.properties), (CUSTOM, node.custom_properties)):
        found += [(namespace[quote(name, safe="")], _said(v)) for name, v in values.items()]
    return found


def type_of(type_: Type) -> tuple[QualifiedName, Attributes]:
    """Return a type's name and what it says of itself."""
    definition = type_.model_dump_json(exclude={"id"}, exclude_defaults=True)
    attributes: Attributes = [(PROV_TYPE, TYPE), (DEFINITION, Literal(definition, STRUCT))]
    if type_.description:
        attributes.append((PROV_LABEL, type_.description))
    return _type_name(type_.kind, type_.name, type_.version), attributes


def understood_type(record: ProvRecord) -> Type | None:
    """Return the type that a record of ours defines, None where it defines none."""
    identifier = record.identifier
    if identifier is None or not identifier.uri.startswith(TYPES.uri):
        return None
    kind, _, _ = identifier.uri.removeprefix(TYPES.uri).partition("/")
    for name, value in record.extra_attributes:
        if name == DEFINITION and isinstance(value, Literal):
            try:
                return TYPE_CLASSES[Kind(kind)].model_validate_json(value.value)
            except (ValueError, ValidationError):
                return None
    return None


def understood(kind: Kind, record: ProvRecord) -> Node | None:
    """Return the node of ours that a record tells of; None where it tells of none.

    Raises:
        ValueError: what it tells makes no sense.
    """
    identifier = record.identifier
    origin = None if identifier is None else origin_of(identifier.uri)
    if origin is None:
        return None
    fields: dict[str, Any] = {"origin": origin, "properties": {}, "custom_properties": {}}
    for name, value in record.extra_attributes:
        home = name.namespace.uri
        if name == PROV_TYPE and isinstance(value, QualifiedName) and value.namespace == TYPES:
            fields |= dict(zip(("type", "type_version"), _type_told(value), strict=True))
        elif name == PROV_LABEL:
            fields["name"] = _plain(value)
        elif name == PROV_LOCATION:
            fields["uri"] = value.uri if isinstance(value, Identifier) else _plain(value)
        elif home == FIELDS.uri:
            fields[name.localpart] = _plain(value)
        elif home in (PROPERTIES.uri, CUSTOM.uri):
            values = fields["properties" if home == PROPERTIES.uri else "custom_properties"]
            values[unquote(name.localpart)] = _heard(value)
    if not fields.get("type"):
        raise ValueError("it has no type of ours")
    try:
        return NODE_CLASSES[kind].model_validate(fields)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise ValueError(f"{where}: {first['msg'][:1].lower()}{first['msg'][1:]}") from None


def type_for(node: Node) -> Type:
    """Return a type as a node needs it, where none was defined."""
    declared = {name: kind_of(value) for name, value in node.properties.items()}
    version = node.type_version or ""
    return TYPE_CLASSES[node.kind](
        name=node.type or "Unknown", version=version, properties=declared
    )


def moment_of(milliseconds: int | None) -> datetime | None:
    """Return a time of ours as PROV writes it; None where it cannot."""
    if milliseconds is None:
        return None
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        return None


def milliseconds_of(moment: Any) -> int | None:
    """Return a time of PROV as ours (UTC where it has no zone); None before 1970, and for no time."""
    if not isinstance(moment, datetime):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    milliseconds = (moment - _EPOCH) // timedelta(milliseconds=1)
    return milliseconds if milliseconds >= 0 else None


def link_of(relation: str, record: ProvRecord) -> ProvRelation | None:
    """Return the link of ours that a record tells of; None where it is a statement of others."""
    told = {name: _plain(value) for name, value in record.extra_attributes}
    if EVENT not in told:
        names = [
            value.uri for _, value in record.formal_attributes if isinstance(value, Identifier)
        ]
        ours = len(names) == 2 and not told and any(map(origin_of, names))
        return ProvRelation() if ours and relation in _MEMBERSHIPS else None
    times = (milliseconds_of(value) for name, value in record.formal_attributes)
    moment = next((time for time in times if time is not None), None)
    try:
        event = Event(
            artifact_id=0,
            execution_id=0,
            type=told[EVENT],
            path=json.loads(told.get(PATH, "[]")),
            milliseconds_since_epoch=told.get(TIME, moment),
            inferred_at=told.get(INFERRED),
        )
    except (TypeError, ValueError):
        return None
    return ProvRelation(event.type, event.path, event.milliseconds_since_epoch, event.inferred_at)


def _type_name(kind: Kind, name: str, version: str) -> QualifiedName:
    local = f"{kind.value}/{quote(name, safe='')}"
    return TYPES[f"{local}@{quote(version, safe='')}" if version else local]


def _type_told(name: QualifiedName) -> tuple[str, str | None]:
    local, _, version = name.localpart.partition("/")[2].partition("@")
    return unquote(local), unquote(version) or None


def _said(value: Value) -> Any:
    if isinstance(value, Proto):
        return Literal(value.model_dump_json(), PROTO)
    if isinstance(value, dict):
        return Literal(json.dumps(value, ensure_ascii=False), STRUCT)
    return value


def _heard(value: Any) -> Any:
    if isinstance(value, Literal) and value.datatype == PROTO:
        return Proto.model_validate_json(value.value)
    if isinstance(value, Literal) and value.datatype == STRUCT:
        return json.loads(value.value)
    return _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Literal):
        return value.value
    return value.uri if isinstance(value, Identifier) else value
