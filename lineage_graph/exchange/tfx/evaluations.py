"""What an evaluation measured (TFX's ``metrics-….tfrecord``), read from protocol buffers' wire format.

The numbers of fields are those of TensorFlow Model Analysis' ``metrics_for_slice.proto`` (0.47), the
frame of a record is TensorFlow's: its length in eight bytes, four of a checksum, the data, four of a
checksum. Checksums are not looked at.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator

from lineage_graph.exchange.tfx.wire import fields, messages, number, real, text

_HEAD, _TAIL = 12, 4  # bytes
_SUB_KEYS = {1: "class", 2: "k", 3: "top"}
Row = tuple[str, str, float]


def evaluation_rows(data: bytes) -> list[Row]:
    """Return a row for each number: slice (empty: of everything), metric, value.

    Raises:
        ValueError: it is no such file, or cut short.
    """
    return [
        (_slice(next(messages(record, 1), b"")), name, value)
        for record in _records(data)
        for name, value in _metrics(record)
    ]


def _records(data: bytes) -> Iterator[bytes]:
    at = 0
    while at < len(data):
        if at + _HEAD > len(data):
            raise ValueError("it is cut short")
        (length,) = struct.unpack_from("<Q", data, at)
        end = at + _HEAD + length
        if end + _TAIL > len(data):
            raise ValueError("it is cut short, or not a file of records")
        yield data[at + _HEAD : end]
        at = end + _TAIL


def _metrics(record: bytes) -> Iterator[tuple[str, float]]:
    for entry in messages(record, 51):  # metric_keys_and_values
        value = _value(next(messages(entry, 2), b""))
        if value is not None:
            yield _name(next(messages(entry, 1), b"")), value
    for entry in messages(record, 2):  # metrics, as they were written before
        value = _value(next(messages(entry, 2), b""))
        if value is not None:
            yield text(entry, 1), value


def _name(key: bytes) -> str:
    """Return what people call a metric: of which output, of which class, and whether it is a difference."""
    parts = [text(key, 2), text(key, 1)]
    for sub_key in messages(key, 3):
        parts += [
            f"{_SUB_KEYS[field]} {number(value, 1)}"
            for field, value in fields(sub_key)
            if field in _SUB_KEYS and isinstance(value, bytes)
        ]
    if number(key, 5):
        parts.append("difference")
    return " ".join(filter(None, parts))


def _value(value: bytes) -> float | None:
    """Return a metric's number; None for what is no single number, or none at all."""
    for field, held in fields(value):
        if not isinstance(held, bytes):
            continue
        if field == 1:  # double_value
            found = real(held, 1)
        elif field == 2:  # bounded_value
            found = real(next(messages(held, 3), b""), 1)
        elif field == 9:  # t_distribution_value
            found = real(next(messages(held, 4), b""), 1)
        else:
            continue
        return found if math.isfinite(found) else None
    return None


def _slice(key: bytes) -> str:
    return ", ".join(_single(single) for single in messages(key, 1))


def _single(single: bytes) -> str:
    found: int | float | str = ""
    for field, value in fields(single):
        if field in (2, 3, 4):
            found = value.decode(errors="replace") if isinstance(value, bytes) else value
    return f"{text(single, 1)} = {found}"
