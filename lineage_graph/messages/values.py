"""Property values: ML Metadata's ``Value`` to ours and back, of all six kinds."""

from __future__ import annotations

from typing import Any

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Proto, Value

_PLAIN = ("int_value", "double_value", "string_value", "bool_value")


def read_value(given: Any) -> Value | None:
    """Return the value of a message; None where it has none.

    Raises:
        InvalidArgument: a struct holds a value of no kind.
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


def _read_struct(given: Any) -> dict[str, Any]:
    return {name: _read_json(value) for name, value in given.fields.items()}


def _read_json(given: Any) -> Any:
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


def write_value(value: Value, target: Any) -> None:
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


def _write_struct(value: dict[str, Any], target: Any) -> None:
    for name, item in value.items():
        _write_json(item, target.fields[name])


def _write_json(value: Any, target: Any) -> None:
    if value is None:
        target.null_value = 0
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
