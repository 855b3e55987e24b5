"""A dataset's statistics (TFX's ``FeatureStats.pb``) as rows, read from protocol buffers' wire format.

The numbers of fields are those of TensorFlow Metadata's ``statistics.proto``.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_TYPES = ("int", "float", "string", "bytes", "struct")
_STATS = (3, 4, 5, 7)  # of numbers, strings, bytes, structs
Value = int | float | bytes
Row = tuple[
    str, str, str, int, int, float | None, float | None, float | None, float | None, int | None
]


def statistics_rows(data: bytes) -> list[Row]:
    """Return a row for each feature: dataset, feature, type, count, missing, mean, least, median, most, unique.

    What is no such message gives no rows.
    """
    try:
        return [
            _row(str(_text(dataset, 1)), feature)
            for dataset in _messages(data, 1)
            for feature in _messages(dataset, 3)
        ]
    except (ValueError, struct.error, UnicodeDecodeError):
        return []


def _row(dataset: str, feature: bytes) -> Row:
    path = ".".join(step.decode() for p in _messages(feature, 8) for step in _messages(p, 1))
    kind = _number(feature, 2)
    stats = next((found for field in _STATS for found in _messages(feature, field)), b"")
    is_number = any(True for _ in _messages(feature, 3))
    common = next(_messages(stats, 1), b"")
    mean, least, median, most = (
        _real(stats, field) if is_number else None for field in (2, 5, 6, 7)
    )
    return (
        dataset,
        _text(feature, 1) or path,
        _TYPES[kind] if kind < len(_TYPES) else str(kind),
        _number(common, 1),
        _number(common, 2),
        mean,
        least,
        median,
        most,
        None if is_number else _number(stats, 2),
    )


def _messages(data: bytes, field: int) -> Iterator[bytes]:
    for number, value in _fields(data):
        if number == field and isinstance(value, bytes):
            yield value


def _text(data: bytes, field: int) -> str:
    return next(_messages(data, field), b"").decode()


def _number(data: bytes, field: int) -> int:
    return next((v for n, v in _fields(data) if n == field and isinstance(v, int)), 0)


def _real(data: bytes, field: int) -> float:
    return next((v for n, v in _fields(data) if n == field and isinstance(v, float)), 0.0)


def _fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """Yield the fields of a message: whole numbers, reals, and what has a length as bytes."""
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
        elif wire == 2:
            length, at = _varint(data, at)
            if at + length > len(data):
                raise ValueError("cut off")
            yield number, data[at : at + length]
            at += length
        elif wire in (1, 5):
            size, form = (8, "<d") if wire == 1 else (4, "<f")
            yield number, struct.unpack(form, data[at : at + size])[0]
            at += size
        else:
            raise ValueError("not a message")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(data):
            raise ValueError("cut off")
        value |= (data[at] & 0x7F) << shift
        at += 1
        if data[at - 1] < 0x80:
            return value, at
    raise ValueError("too long")
