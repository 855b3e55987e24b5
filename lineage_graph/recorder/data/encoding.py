"""The canonical bytes of plain values: the same in every process, on every machine, in every version.

Each value is a letter and its content; lengths and counts are 8 bytes, all numbers little-endian.
``docs/guides/data.md`` has the table.
"""

from __future__ import annotations

import dataclasses
import datetime
import enum
import hashlib
import math
import os
import struct
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from decimal import Decimal
from typing import Any

VERSION = b"lineage-graph data 1\n"
"""What every digest begins with: another definition has another number."""
_EPOCH = datetime.datetime(1970, 1, 1)
_MISSING_NAMES = ("NAType", "NaTType")  # pandas' own, which are not to be compared
_SECOND = datetime.timedelta(seconds=1)


class Undigestible(Exception):
    """The content has no canonical form; the message says what it is, as the rest of a sentence."""


Nested = Callable[[Any], "bytes | None"]
"""Returns the digest of a table, an array or an object inside of a value; None for others."""


def is_missing(value: object) -> bool:
    """Return whether a value stands for none: None, NaN, and pandas' NA and NaT."""
    if value is None or type(value).__name__ in _MISSING_NAMES:
        return True
    return isinstance(value, float) and math.isnan(value)


def length(number: int) -> bytes:
    """Return a length or count as bytes."""
    return struct.pack("<Q", number)


def text(value: str) -> bytes:
    """Return a text's length and its UTF-8."""
    encoded = value.encode("utf-8", "surrogatepass")
    return length(len(encoded)) + encoded


def digest_of(*parts: bytes) -> bytes:
    """Return the SHA-256 of parts, after the version of the definition."""
    hashed = hashlib.sha256(VERSION)
    for part in parts:
        hashed.update(part)
    return hashed.digest()


def encoded(value: Any, nested: Nested = lambda value: None) -> bytes:
    """Return the canonical bytes of a plain value, lists and dicts of such, and what ``nested`` knows.

    Raises:
        Undigestible: something in it has no canonical form.
        RecursionError: it contains itself, or is very deep.
    """
    if is_missing(value):
        return b"N"
    if isinstance(value, enum.Enum):
        return encoded(value.value, nested)
    simple = _SIMPLE.get(type(value)) or next(
        (write for kind, write in _SIMPLE.items() if isinstance(value, kind)), None
    )
    if simple is not None:
        return simple(value)
    if (inner := nested(value)) is not None:
        return b"#" + inner
    if isinstance(value, Mapping):
        pairs = sorted((encoded(k, nested), encoded(v, nested)) for k, v in value.items())
        return b"O" + length(len(pairs)) + b"".join(key + item for key, item in pairs)
    if isinstance(value, (list, tuple)):
        return b"L" + length(len(value)) + b"".join(encoded(item, nested) for item in value)
    if isinstance(value, AbstractSet):
        return b"E" + length(len(value)) + b"".join(sorted(encoded(item, nested) for item in value))
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        fields = {f.name: getattr(value, f.name) for f in dataclasses.fields(value)}
        return encoded(fields, nested)
    return _scalar(value, nested)


def _scalar(value: Any, nested: Nested) -> bytes:
    """Return the bytes of a scalar of numpy or of a library like it; an array in a cell is a list."""
    if isinstance(value, type):
        raise Undigestible(f"it holds the class {value.__name__}")
    if callable(getattr(value, "tolist", None)) and getattr(value, "shape", None):
        return encoded(value.tolist(), nested)
    item = getattr(value, "item", None)
    if callable(item) and getattr(value, "shape", None) == ():
        if type(value).__name__ == "datetime64":  # in nanoseconds its item is a bare number
            seconds = value.astype("datetime64[s]").astype("int64").item()
            return _moment(seconds, _nanoseconds(value, "datetime64"), "")
        if type(value).__name__ == "timedelta64":
            seconds = value.astype("timedelta64[s]").astype("int64").item()
            return b"P" + struct.pack("<qi", seconds, _nanoseconds(value, "timedelta64"))
        plain = item()
        if type(plain) is not type(value):
            return encoded(plain, nested)
    raise Undigestible(f"it holds a value of type {type(value).__name__}")


def _nanoseconds(value: Any, name: str) -> int:
    rest = value.astype(f"{name}[ns]") - value.astype(f"{name}[s]").astype(f"{name}[ns]")
    return int(rest.astype("int64").item())


# How each kind of value is written


def _bool(value: bool) -> bytes:
    return b"B\1" if value else b"B\0"


def _int(value: int) -> bytes:
    digits = f"{int(value):x}".encode()
    return b"I" + length(len(digits)) + digits


def _float(value: float) -> bytes:
    return b"F" + struct.pack("<d", value + 0.0)  # the two zeros are one


def _complex(value: complex) -> bytes:
    return b"C" + struct.pack("<dd", value.real + 0.0, value.imag + 0.0)


def _text(value: str) -> bytes:
    return b"S" + text(str(value))


def _bytes(value: bytes | bytearray | memoryview) -> bytes:
    held = bytes(value)
    return b"Y" + length(len(held)) + held


def _datetime(value: datetime.datetime) -> bytes:
    zone = ""
    if value.tzinfo is not None:
        zone = zone_name(value.tzinfo)
        value = value.astimezone(datetime.timezone.utc).replace(tzinfo=None)
    since = value.replace(fold=0) - _EPOCH
    seconds, rest = divmod(
        datetime.timedelta(since.days, since.seconds, since.microseconds), _SECOND
    )
    return _moment(seconds, rest.microseconds * 1000 + getattr(value, "nanosecond", 0), zone)


def _moment(seconds: int, nanoseconds: int, zone: str) -> bytes:
    return b"T" + struct.pack("<qi", seconds, nanoseconds) + text(zone)


def zone_name(zone: object) -> str:
    """Return the name of a time zone: ``Europe/Berlin``, ``UTC``, ``+02:00``."""
    name = str(getattr(zone, "zone", None) or getattr(zone, "key", None) or zone)
    return (
        "UTC"
        if name in ("UTC", "Etc/UTC", "utc", "tzutc()", "UTC+00:00")
        else name.removeprefix("UTC")
    )


def _date(value: datetime.date) -> bytes:
    return b"D" + struct.pack("<q", (value - _EPOCH.date()).days)


def _time(value: datetime.time) -> bytes:
    return b"H" + struct.pack("<q", nanoseconds(value))


def nanoseconds(value: datetime.time) -> int:
    """Return a time of day as nanoseconds since midnight."""
    seconds = (value.hour * 60 + value.minute) * 60 + value.second
    return seconds * 10**9 + value.microsecond * 1000


def _duration(value: datetime.timedelta) -> bytes:
    seconds, rest = divmod(
        datetime.timedelta(value.days, value.seconds, value.microseconds), _SECOND
    )
    return b"P" + struct.pack(
        "<qi", seconds, rest.microseconds * 1000 + getattr(value, "nanoseconds", 0)
    )


def _decimal(value: Decimal) -> bytes:
    if value.is_nan():
        return b"N"
    sign, digits, exponent = value.as_tuple()
    if not isinstance(exponent, int):
        return b"M" + text("-inf" if sign else "inf")
    number = int("".join(map(str, digits)))
    while number and number % 10 == 0:
        number, exponent = number // 10, exponent + 1
    return b"M" + text(f"{'-' if sign and number else ''}{number}e{exponent if number else 0}")


def _path(value: os.PathLike[str]) -> bytes:
    return _text(str(value))


_SIMPLE: dict[type, Callable[[Any], bytes]] = {
    bool: _bool,  # before int: bool is an int in Python
    int: _int,
    float: _float,
    complex: _complex,
    str: _text,
    bytes: _bytes,
    bytearray: _bytes,
    memoryview: _bytes,
    datetime.datetime: _datetime,  # before date
    datetime.date: _date,
    datetime.time: _time,
    datetime.timedelta: _duration,
    Decimal: _decimal,
    os.PathLike: _path,
}
