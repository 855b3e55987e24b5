"""Nodes as the graph holds them to ML Metadata's messages, in one pass: most of what is read is read so."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from lineage_graph.messages.pool import enum_names
from lineage_graph.messages.values import write_value
from lineage_graph.model import Kind
from lineage_graph.store.rows import Row, decoded, place

_PLAIN = {int: "int_value", float: "double_value", str: "string_value", bool: "bool_value"}
_PASSED_OVER = ("type_version", "origin")  # fields of ours
_FIELD, _STATE, _PROPERTY, _CUSTOM = "field", "state", "properties", "custom_properties"
_STATES = {
    field: {name: number for number, name in enum_names(enum).items()}
    for field, enum in (("state", "Artifact.State"), ("last_known_state", "Execution.State"))
}


def write_rows(kind: Kind, rows: Iterable[Row], into: Any) -> None:
    """Add stored nodes to a repeated field."""
    add = into.add
    for row in rows:
        target = add()
        maps = {_PROPERTY: target.properties, _CUSTOM: target.custom_properties}
        kinds: dict[str, str] = json.loads(row["value_kinds"]) if "value_kinds" in row else {}
        if kind is Kind.ARTIFACT:
            target.uri = ""  # set, also where there is none
        for key, what, name in _written(tuple(row)):
            value = row[key]
            if what == _FIELD:
                setattr(target, name, value)
            elif what == _STATE:
                setattr(target, name, _STATES[name][value])
            elif key in kinds:
                write_value(decoded(kinds[key], value), maps[what][name])
            else:
                setattr(maps[what][name], _PLAIN[type(value)], value)


@lru_cache(maxsize=1000)
def _written(keys: tuple[str, ...]) -> list[tuple[str, str, str]]:
    """Return which properties of a node become something in its message: key, what, name there.

    Nodes of a type mostly have the same ones.
    """
    return [(key, *found) for key in keys if (found := _place(key))[0]]


def _place(key: str) -> tuple[str, str]:
    """Return what a property of the graph becomes in a message, and its name there."""
    into, name = place(key)
    if into != "fields":
        return into, name
    if name in _PASSED_OVER:
        return "", name
    return (_STATE if name in _STATES else _FIELD), name
