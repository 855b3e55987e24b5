"""Bodies of requests: how much of them is held at once, and how much may come out of one.

To make a value of a text of JSON takes up to a hundred times the memory of the text, and nothing else
runs meanwhile. So what a text holds is counted before it is parsed.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.requests import Request

SMALL = 64 * 1024  # bytes of a body that is not counted among those held
MAX_HELD = 64 * 1024 * 1024  # bytes of all larger bodies that are held at once
MAX_PARSED = 2  # larger bodies that are parsed at once
_STEP = 256 * 1024  # bytes that are looked through at once


class TooLong(Exception):
    """A body, or what comes out of it, is longer than ``most`` bytes."""

    def __init__(self, most: int) -> None:
        super().__init__(most)
        self.most = most


class TooManyHeld(Exception):
    """As much as can be held is held already; the body may come again later."""


class DamagedBody(Exception):
    """What a body was compressed with does not read it; the message says why."""


class Bodies:
    """Reads bodies of requests, and knows how much of them is held."""

    def __init__(self) -> None:
        self._held = 0
        self.turn = asyncio.Semaphore(MAX_PARSED)
        """Who makes values of a large text holds this, so that few do at once."""

    @asynccontextmanager
    async def of(self, request: Request, most: int) -> AsyncIterator[bytes]:
        """Give what was sent, of ``most`` bytes at most; it counts as held until the block ends.

        Raises:
            TooLong: it is longer.
            TooManyHeld: there is no room for it now.
        """
        parts, size, held = [], 0, 0
        told = request.headers.get("content-length", "")
        if told.isdecimal() and (len(told) > 18 or int(told) > most):
            raise TooLong(most)
        try:
            async for part in request.stream():
                size += len(part)
                if size > most:
                    raise TooLong(most)
                if size > SMALL:
                    if self._held + size - held > MAX_HELD:
                        raise TooManyHeld
                    self._held += size - held
                    held = size
                parts.append(part)
            yield b"".join(parts)
        finally:
            self._held -= held


def unpacked(packed: bytes, most: int) -> bytes:
    """Return what gzip compressed.

    Raises:
        TooLong: more than ``most`` bytes come out of it.
        Damaged: it is not of gzip, or cut short.
    """
    unpacker = zlib.decompressobj(wbits=31)
    parts, size, rest = [], 0, packed
    try:
        while rest and not unpacker.eof:
            part = unpacker.decompress(rest, _STEP)
            rest = unpacker.unconsumed_tail
            size += len(part)
            if size > most:
                raise TooLong(most)
            parts.append(part)
        while not unpacker.eof and (part := unpacker.decompress(b"", _STEP)):
            size += len(part)
            if size > most:
                raise TooLong(most)
            parts.append(part)
    except zlib.error as error:
        raise DamagedBody(f"This is not compressed with gzip: {error}.") from None
    if not unpacker.eof:
        raise DamagedBody("What was compressed with gzip is cut short.")
    return b"".join(parts)


def values_in(text: bytes) -> int:
    """Return about how many values a text of JSON holds, never fewer: its commas, objects and arrays."""
    if _marks(text) < SMALL:
        return 1 + _marks(text)
    # Those in strings do not count. Without its escapes each quotation mark begins or ends a string.
    plain = text.replace(b"\\\\", b"").replace(b'\\"', b"") if b"\\" in text else text
    found, is_inside = 1, 0
    for start in range(0, len(plain), _STEP):
        parts = plain[start : start + _STEP].split(b'"')
        found += _marks(b"".join(parts[is_inside::2]))
        is_inside ^= len(parts) % 2 == 0
    return found


def _marks(text: bytes) -> int:
    return text.count(b",") + text.count(b"[") + text.count(b"{")
