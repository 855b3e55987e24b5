"""One pack of a repository: objects found by dulwich's index, unpacked with a limit on their size."""

from __future__ import annotations

import mmap
import os
import zlib
from collections import OrderedDict
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from dulwich.object_format import DEFAULT_OBJECT_FORMAT
from dulwich.objects import RawObjectID
from dulwich.pack import PackIndex, apply_delta, load_pack_index_file

from lineage_graph.exchange.files import open_regular

KINDS = {1: b"commit", 2: b"tree", 3: b"blob", 4: b"tag"}
_BY_OFFSET, _BY_ID = 6, 7
_LONGEST_CHAIN = 5000  # git itself makes chains of 4,095 deltas at most
_KEPT = 12 << 20  # bytes of unpacked objects that are kept as bases of others
_OVERHEAD_PER_OBJECT = 250  # bytes that a kept object takes in addition to its content
_LARGEST_KEPT = 1 << 20

Base = Callable[[bytes], tuple[bytes, bytes]]


class Oversized(ValueError):
    """An object has more bytes than the limit."""


class Pack:
    """A pack and its index, mapped into memory."""

    def __init__(self, index: Path) -> None:
        with ExitStack() as opened:  # what was opened is closed again where the rest cannot be
            file = opened.enter_context(os.fdopen(open_regular(index), "rb"))
            self._index: PackIndex = load_pack_index_file(str(index), file, DEFAULT_OBJECT_FORMAT)
            opened.callback(self._index.close)
            with os.fdopen(open_regular(index.with_suffix(".pack")), "rb") as packed:
                self._bytes = mmap.mmap(packed.fileno(), 0, access=mmap.ACCESS_READ)
            opened.pop_all()
        self._bases: OrderedDict[int, tuple[int, bytes]] = OrderedDict()
        self._held = 0

    def close(self) -> None:
        """Let go of both files."""
        self._index.close()
        self._bytes.close()

    def holds(self, oid: bytes) -> bool:
        """True where the object named by its 20 bytes is in this pack."""
        try:
            self._index.object_offset(RawObjectID(oid))
        except KeyError:
            return False
        return True

    def read(self, oid: bytes, limit: int, base: Base) -> tuple[bytes, bytes]:
        """Return an object's kind and content; ``base`` gives objects of other packs.

        Raises:
            KeyError: it is not in this pack.
            Oversized: it, or what it is made from, has more bytes than ``limit``.
            ValueError, zlib.error: the pack is damaged.
        """
        kind, content = self._at(self._index.object_offset(RawObjectID(oid)), limit, base)
        return KINDS[kind], content

    def _at(self, offset: int, limit: int, base: Base) -> tuple[int, bytes]:
        deltas: list[tuple[int, bytes]] = []
        while True:
            if (kept := self._bases.get(offset)) is not None:
                self._bases.move_to_end(offset)
                kind, content = kept
                break
            number, size, start = self._header(offset)
            if number == _BY_OFFSET:
                back, start = self._distance(start)
                deltas.append((offset, self._inflated(start, size, limit)))
                if not 0 < back <= offset:
                    raise ValueError("a delta's base lies outside the pack")
                offset -= back
            elif number == _BY_ID:
                deltas.append((offset, self._inflated(start + 20, size, limit)))
                name, content = base(bytes(self._bytes[start : start + 20]))
                kind = next(number for number, word in KINDS.items() if word == name)
                break
            elif number in KINDS:
                kind, content = number, self._inflated(start, size, limit)
                self._keep(offset, kind, content)
                break
            else:
                raise ValueError(f"an object of the unknown kind {number}")
            if len(deltas) > _LONGEST_CHAIN:
                raise ValueError("a chain of deltas is too long")
        for place, delta in reversed(deltas):
            _, start = _number(delta, 0)
            result, _ = _number(delta, start)
            if result > limit:
                raise Oversized(result)
            content = b"".join(apply_delta(content, delta))
            self._keep(place, kind, content)
        return kind, content

    def _header(self, offset: int) -> tuple[int, int, int]:
        """Return an object's kind by number, its size, and where its content begins."""
        byte = self._bytes[offset]
        kind, size, shift = (byte >> 4) & 7, byte & 15, 4
        while byte & 0x80:
            offset += 1
            byte = self._bytes[offset]
            size |= (byte & 0x7F) << shift
            shift += 7
        return kind, size, offset + 1

    def _distance(self, start: int) -> tuple[int, int]:
        byte = self._bytes[start]
        back = byte & 0x7F
        while byte & 0x80:
            start += 1
            byte = self._bytes[start]
            back = ((back + 1) << 7) | (byte & 0x7F)
        return back, start + 1

    def _inflated(self, start: int, size: int, limit: int) -> bytes:
        if size > limit:
            raise Oversized(size)
        inflater = zlib.decompressobj()
        content = inflater.decompress(self._bytes[start : start + size + 1024], size + 1)
        while len(content) < size and not inflater.eof:  # what hardly compresses
            start += size + 1024
            more = inflater.unconsumed_tail + self._bytes[start : start + size + 1024]
            if not more:
                break
            content += inflater.decompress(more, size + 1 - len(content))
        if len(content) != size:
            raise ValueError("an object has not the size its header says")
        return content

    def _keep(self, offset: int, kind: int, content: bytes) -> None:
        if len(content) > _LARGEST_KEPT or offset in self._bases:
            return
        self._bases[offset] = (kind, content)
        self._held += len(content) + _OVERHEAD_PER_OBJECT
        while self._held > _KEPT:
            _, (_, dropped) = self._bases.popitem(last=False)
            self._held -= len(dropped) + _OVERHEAD_PER_OBJECT


def _number(delta: bytes, start: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = delta[start]
        value |= (byte & 0x7F) << shift
        shift += 7
        start += 1
        if not byte & 0x80:
            return value, start
