"""Converts nodes of the graph to ML Metadata's messages in one pass, without model objects.

Most reads take this way, because it is faster.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache

from lineage_graph.messages import contract
from lineage_graph.messages.by_kind import NodeList
from lineage_graph.messages.pool import enum_names
from lineage_graph.messages.values import write_value
from lineage_graph.store.rows import Row, decoded, place

_FIELD_OF_TYPE = {int: "int_value", float: "double_value", str: "string_value", bool: "bool_value"}
_NOT_IN_MESSAGES = ("type_version", "origin")  # fields that ML Metadata does not have
_FIELD, _STATE, _PROPERTY, _CUSTOM = "field", "state", "properties", "custom_properties"
_STATES = {
    field: {name: number for number, name in enum_names(enum).items()}
    for field, enum in (("state", "Artifact.State"), ("last_known_state", "Execution.State"))
}


def write_rows(rows: Iterable[Row], into: NodeList) -> None:
    """Add stored nodes to a repeated field."""
    add = into.add
    for row in rows:
        target = add()
        maps = {_PROPERTY: target.properties, _CUSTOM: target.custom_properties}
        kinds: dict[str, str] = json.loads(row["value_kinds"]) if "value_kinds" in row else {}
        if isinstance(target, contract.Artifact):
            target.uri = ""  # set even if the artifact has none
        for key, what, name in _written(tuple(row)):
            value = row[key]
            if what == _FIELD:
                setattr(target, name, value)
            elif what == _STATE:
                setattr(target, name, _STATES[name][value])
            elif key in kinds:
                write_value(decoded(kinds[key], value), maps[what][name])
            else:
                setattr(maps[what][name], _FIELD_OF_TYPE[type(value)], value)


@lru_cache(maxsize=1000)
def _written(keys: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return the properties that a message has: the key, the part of the message, the name in it.

    It is cached because nodes of a type mostly have the same keys.
    """
    return [(key, *found) for key in keys if (found := _place(key))[0]]


def _place(key: str) -> tuple[str, str]:
    """Return the part of a message that a property of the graph belongs to, and its name in it."""
    into, name = place(key)
    if into != "fields":
        return into, name
    if name in _NOT_IN_MESSAGES:
        return "", name
    return (_STATE if name in _STATES else _FIELD), name
