"""Converts property values of all six kinds between ML Metadata's ``Value`` and ours."""

from __future__ import annotations

from typing import Any

from google.protobuf import struct_pb2

from lineage_graph.errors import InvalidArgument
from lineage_graph.messages import contract
from lineage_graph.model import Proto, Value

_PLAIN = ("int_value", "double_value", "string_value", "bool_value")


def read_value(given: contract.Value) -> Value | None:
    """Return the value in a message; None if it has none.

    Raises:
        InvalidArgument: a struct contains a value without a kind.
    """
    chosen = given.WhichOneof("value")
    if chosen in _PLAIN:
        plain: Value = getattr(given, chosen)
        return plain
    if chosen == "struct_value":
        return _read_struct(given.struct_value)
    if chosen == "proto_value":
        return Proto.built(type_url=given.proto_value.type_url, value=given.proto_value.value)
    return None


def _read_struct(given: struct_pb2.Struct) -> dict[str, Any]:
    return {name: _read_json(value) for name, value in given.fields.items()}


def _read_json(given: struct_pb2.Value) -> Any:
    chosen = given.WhichOneof("kind")
    if chosen == "struct_value":
        return _read_struct(given.struct_value)
    if chosen == "list_value":
        return [_read_json(item) for item in given.list_value.values]
    if chosen == "null_value":
        return None
    if chosen is None:
        raise InvalidArgument(
            "A struct holds a value of no kind.", hint="Set null_value for nothing."
        )
    return getattr(given, chosen)


def write_value(value: Value, target: contract.Value) -> None:
    """Fill an empty message with a value."""
    if isinstance(value, str):
        target.string_value = value
    elif isinstance(value, bool):  # before int: a bool is an int in Python
        target.bool_value = value
    elif isinstance(value, int):
        target.int_value = value
    elif isinstance(value, float):
        target.double_value = value
    elif isinstance(value, Proto):
        target.proto_value.type_url = value.type_url
        target.proto_value.value = value.value
        target.proto_value.SetInParent()
    else:
        target.struct_value.SetInParent()
        _write_struct(value, target.struct_value)


def _write_struct(value: dict[str, Any], target: struct_pb2.Struct) -> None:
    for name, item in value.items():
        _write_json(item, target.fields[name])


def _write_json(value: Any, target: struct_pb2.Value) -> None:
    if value is None:
        target.null_value = struct_pb2.NULL_VALUE
    elif isinstance(value, bool):
        target.bool_value = value
    elif isinstance(value, (int, float)):
        target.number_value = value
    elif isinstance(value, str):
        target.string_value = value
    elif isinstance(value, dict):
        target.struct_value.SetInParent()
        _write_struct(value, target.struct_value)
    else:
        target.list_value.SetInParent()
        for item in value:
            _write_json(item, target.list_value.values.add())
