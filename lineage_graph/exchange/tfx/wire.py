"""Protocol buffers' wire format, as far as a few fields of a message are asked for.

A message's class would need TensorFlow's packages, which are large; the format is documented and fixed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

Value = int | float | bytes


def messages(data: bytes, field: int) -> Iterator[bytes]:
    """Yield what a field with a length holds, as often as it is there: messages, texts, bytes.

    Raises:
        ValueError: this is no message.
    """
    for number, value in fields(data):
        if number == field and isinstance(value, bytes):
            yield value


def text(data: bytes, field: int) -> str:
    """Return the first text of a field, empty where there is none."""
    return next(messages(data, field), b"").decode()


def number(data: bytes, field: int) -> int:
    """Return the first whole number of a field, 0 where there is none."""
    return next((v for n, v in fields(data) if n == field and isinstance(v, int)), 0)


def real(data: bytes, field: int) -> float:
    """Return the first float or double of a field, 0 where there is none."""
    return next((v for n, v in fields(data) if n == field and isinstance(v, float)), 0.0)


def fields(data: bytes) -> Iterator[tuple[int, Value]]:
    """Yield the fields of a message: whole numbers, reals, and what has a length as bytes.

    Raises:
        ValueError: this is no message.
    """
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, wire = key >> 3, key & 7
        if wire == 0:
            value, at = _varint(data, at)
            yield number, value
        elif wire == 2:
            length, at = _varint(data, at)
            yield number, _taken(data, at, length)
            at += length
        elif wire in (1, 5):
            size, form = (8, "<d") if wire == 1 else (4, "<f")
            yield number, struct.unpack(form, _taken(data, at, size))[0]
            at += size
        else:
            raise ValueError("not a message")


def _taken(data: bytes, at: int, length: int) -> bytes:
    if at + length > len(data):
        raise ValueError("cut off")
    return data[at : at + length]


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
