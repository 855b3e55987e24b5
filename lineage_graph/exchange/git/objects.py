"""The objects of a repository, loose or packed, each checked against its own hash."""

from __future__ import annotations

import hashlib
import os
import zlib
from contextlib import suppress
from pathlib import Path

from lineage_graph.errors import BadFile
from lineage_graph.exchange.files import is_folder, names_in, open_regular
from lineage_graph.exchange.git.packs import Oversized, Pack

LARGEST = 32 << 20  # bytes of a commit, tree or file that is read
_MOST_PACKS = 10_000
_MAX_DELTA_DEPTH = 50  # packs that stand on other packs' objects


class DamagedObject(BadFile):
    """An object of the repository is missing, or not what it should be."""


class ObjectTooLarge(DamagedObject):
    """An object of the repository has more bytes than are read."""


class Objects:
    """Reads objects of ``<git folder>/objects``; other folders it may name (alternates) are not read."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._packs: list[Pack] = []
        self.problems: list[tuple[str, str]] = []
        packs = folder / "pack"
        indexes = [name for name in names_in(packs) if name.endswith(".idx")]
        for name in indexes[:_MOST_PACKS]:
            try:
                self._packs.append(Pack(packs / name))
            except Exception as error:
                self.problems.append((f"objects/pack/{name}", f"the pack cannot be read: {error}"))

    def close(self) -> None:
        """Let go of all files."""
        for pack in self._packs:
            with suppress(BufferError):
                pack.close()

    def read(self, oid: bytes, kind: bytes, limit: int = LARGEST) -> bytes:
        """Return the content of an object named by its 20 bytes.

        Raises:
            Damaged: it is missing, of another kind, or its content has another hash.
            TooLarge: it has more bytes than ``limit``.
        """
        found, content = self._any(oid, limit, _MAX_DELTA_DEPTH)
        if found != kind:
            raise DamagedObject(
                f"the object {oid.hex()} is a {found.decode()}, not a {kind.decode()}"
            )
        return content

    def kind_and_content(self, oid: bytes) -> tuple[bytes, bytes]:
        """Return an object of any kind: ``commit``, ``tree``, ``blob`` or ``tag``, and its content."""
        return self._any(oid, LARGEST, _MAX_DELTA_DEPTH)

    def _any(self, oid: bytes, limit: int, depth: int) -> tuple[bytes, bytes]:
        if depth == 0:
            raise DamagedObject(f"the object {oid.hex()} stands on too many others")
        try:
            found = self._packed(oid, limit, depth) or self._loose(oid, limit)
        except Oversized as error:
            raise ObjectTooLarge(
                f"the object {oid.hex()} has more than {limit:,} bytes ({error})"
            ) from None
        except DamagedObject:
            raise
        except Exception as error:  # of a damaged pack, dulwich says all kinds of things
            raise DamagedObject(f"the object {oid.hex()} is damaged: {error}") from None
        if found is None:
            raise DamagedObject(f"the object {oid.hex()} is missing")
        kind, content = found
        if hashlib.sha1(b"%s %d\0" % (kind, len(content)) + content).digest() != oid:
            raise DamagedObject(f"the object {oid.hex()} is damaged: its content has another hash")
        return found

    def _packed(self, oid: bytes, limit: int, depth: int) -> tuple[bytes, bytes] | None:
        for pack in self._packs:
            if pack.holds(oid):
                return pack.read(oid, limit, lambda base: self._any(base, limit, depth - 1))
        return None

    def _loose(self, oid: bytes, limit: int) -> tuple[bytes, bytes] | None:
        name = oid.hex()
        folder = self._folder / name[:2]
        if not is_folder(folder):
            return None
        try:
            descriptor = open_regular(folder / name[2:])
        except FileNotFoundError:
            return None
        with os.fdopen(descriptor, "rb") as file:
            inflater = zlib.decompressobj()
            content = b""
            while len(content) <= limit + 64 and (part := file.read(1 << 16)):
                content += inflater.decompress(part, limit + 65 - len(content))
        header, end, body = content.partition(b"\0")
        kind, _, size = header.partition(b" ")
        if not end or not size.isdigit() or len(size) > 20:
            raise ValueError("its header makes no sense")
        if int(size) > limit:
            raise Oversized(int(size))
        if int(size) != len(body):
            raise ValueError("it has not the size its header says")
        return kind, body
