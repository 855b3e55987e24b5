"""Property values as ML Metadata stores them in SQL."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any

from google.protobuf import json_format
from google.protobuf.any_pb2 import Any as AnyMessage
from google.protobuf.message import DecodeError
from google.protobuf.struct_pb2 import Struct

from lineage_graph.exchange.sql import Row
from lineage_graph.model import Proto, Value

VALUE_COLUMNS = (
    "int_value",
    "double_value",
    "string_value",
    "bool_value",
    "proto_value",
    "byte_value",
)
_STRUCT = "mlmd-struct::"  # how ML Metadata marks a struct kept as text


def value_of(row: Row) -> Value | None:
    """Return the value of a property's row, None where it holds none (as ML Metadata's NaN does).

    Raises:
        ValueError: what stands there is no value of its column.
    """
    for column in VALUE_COLUMNS:
        stored = row[column]
        if stored is not None:
            try:
                value: Value = _READERS[column](stored)
            except (TypeError, OverflowError) as error:
                raise ValueError(str(error)) from None
            return value
    return None


def _text(stored: Any) -> Value:
    text = stored if isinstance(stored, str) else str(stored)
    if text.startswith(_STRUCT):
        found = _struct(text)
        return text if found is None else found
    return text


def _struct(text: str) -> dict[str, Any] | None:
    try:
        message = Struct.FromString(base64.b64decode(text[len(_STRUCT) :], validate=True))
        return json.loads(json_format.MessageToJson(message))  # type: ignore[no-any-return]
    except (binascii.Error, DecodeError, json_format.Error):
        return None  # a text that only begins like a struct


def _proto(stored: Any) -> Value:
    raw = stored.encode() if isinstance(stored, str) else bytes(stored)
    try:
        message = AnyMessage.FromString(base64.b64decode(raw, validate=True))
    except (binascii.Error, DecodeError):
        try:
            message = AnyMessage.FromString(raw)
        except DecodeError:
            return Proto(type_url="", value=raw)
    return Proto(type_url=message.type_url, value=message.value)


_READERS: dict[str, Any] = {
    "int_value": int,
    "double_value": float,
    "string_value": _text,
    "bool_value": bool,
    "proto_value": _proto,
    "byte_value": lambda stored: Proto(type_url="", value=bytes(stored)),
}
