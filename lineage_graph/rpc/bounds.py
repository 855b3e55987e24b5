"""Limits of calls: the values in a message, counted before it is parsed, and the bytes of all messages.

A parsed message may need some hundred times the memory of its bytes: an empty message within a
message is sent as two bytes. Only messages larger than ``SMALL`` are checked.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import NamedTuple

from google.protobuf.descriptor import Descriptor

from lineage_graph.errors import Busy, InvalidArgument

SMALL = 64 * 1024  # bytes of a message that is not checked
MAX_HELD = 128 * 2**20  # bytes of all larger messages that are processed at the same time
MAX_VALUES = 1_000_000  # values in a message
MESSAGE_VALUES = 5  # what a message within a message counts, in addition to its own values
_MAX_DEPTH = 100  # levels of nested messages: the parser refuses more
_VARINT, _BYTES = 0, 2  # wire types
_SIZES = {
    1: 8,
    5: 4,
}  # bytes by wire type of fixed size; groups (3 and 4) have no bytes of their own
_MAX_VARINT_BYTES = 10
_CONTINUED = bytes(range(0x80, 0x100))  # bytes of a varint that are followed by another


class Held:
    """Counts the bytes of the larger messages that are being processed."""

    def __init__(self) -> None:
        self._held = 0
        self._lock = threading.Lock()

    @contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Count a message of ``size`` bytes until the block ends; a single message may have any size.

        Raises:
            Busy: the messages would exceed the limit together.
        """
        counted = size if size > SMALL else 0
        with self._lock:
            if counted and self._held and self._held + counted > MAX_HELD:
                raise Busy(
                    f"Messages of {MAX_HELD // 2**20} MB are being answered.",
                    hint="Nothing was changed; try again.",
                )
            self._held += counted
        try:
            yield
        finally:
            with self._lock:
                self._held -= counted


def check_values(request: bytes, descriptor: Descriptor) -> None:
    """Refuse a message with more than ``MAX_VALUES`` values.

    Raises:
        InvalidArgument: it has more.
    """
    if len(request) > SMALL and _values(request, descriptor) > MAX_VALUES:
        raise InvalidArgument(
            f"The message holds more than {MAX_VALUES:,} values ({MESSAGE_VALUES + 1} for each message in it).",
            hint="Send less in one call.",
        )


def _values(request: bytes, descriptor: Descriptor) -> int:
    """Return about how many values a message has, at every depth; counting stops above the limit.

    Bytes that are not a message are left to the parser, which reports them.
    """
    found = 0
    pending = [(0, len(request), descriptor, 0)]
    while pending and found <= MAX_VALUES:
        place, end, within, depth = pending.pop()
        inner, numbers = _fields(within)
        while place < end and found <= MAX_VALUES:
            tag, place = _number(request, place, end)
            kind, size = tag & 7, 0
            found += 1
            if kind == _BYTES:
                size, place = _number(request, place, end)
                message = inner.get(tag >> 3)
                if message is not None:
                    found += message.weight
                    if size and depth < _MAX_DEPTH:
                        pending.append((place, min(place + size, end), message.kind, depth + 1))
                elif tag >> 3 in numbers:
                    found += len(request[place : place + size].translate(None, _CONTINUED))
            elif kind == _VARINT:
                _, place = _number(request, place, end)
            else:
                size = _SIZES.get(kind, 0)
            place += size
    return found


class _Inner(NamedTuple):
    kind: Descriptor
    weight: int


@cache
def _fields(descriptor: Descriptor) -> tuple[Mapping[int, _Inner], frozenset[int]]:
    """Return the fields of a message that are messages, with their weights, and its lists of numbers."""
    inner: dict[int, _Inner] = {}
    numbers = set()
    for field in descriptor.fields:
        message = field.message_type
        if message is not None:
            is_light = message.GetOptions().map_entry or descriptor.GetOptions().map_entry
            inner[field.number] = _Inner(message, 0 if is_light else MESSAGE_VALUES)
        elif field.is_repeated and field.type not in (field.TYPE_STRING, field.TYPE_BYTES):
            numbers.add(field.number)
    return inner, frozenset(numbers)


def _number(request: bytes, place: int, end: int) -> tuple[int, int]:
    """Return the varint at ``place`` and the place after it; 0 and ``end`` if there is no varint."""
    found = request[place] if place < end else 0
    if found < 0x80:
        return found, place + 1
    found = 0
    for shift, byte in enumerate(request[place : min(place + _MAX_VARINT_BYTES, end)]):
        found |= (byte & 0x7F) << 7 * shift
        if byte < 0x80:
            return found, place + shift + 1
    return 0, end
