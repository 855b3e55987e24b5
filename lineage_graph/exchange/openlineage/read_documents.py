"""The texts of a file of events: one a line, or one document that spreads over many."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, cast

from lineage_graph.errors import BadFile, NotFound, TruncatedFile

LONGEST = 16 * 1024 * 1024  # bytes of a line, and of a document that spreads over lines
FREE = 16 * 1024 * 1024  # bytes that may come out of any compressed file
_RATIO = 250  # times what a compressed file takes may come out of it
_GZIP = b"\x1f\x8b"


def texts(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yield the number of each line that is not blank, and the line; a document comes whole, as line 1.

    A file is one document where its first line is no JSON by itself and the next begins no object.

    Raises:
        NotFound, BadFile, TruncatedFile: the file cannot be read, or not to its end.
    """
    number = 0
    try:
        with _opened(path) as stream:
            lines = _lines(path, stream)
            head: list[tuple[int, bytes]] = []
            for number, line in lines:
                head.append((number, line))
                if len(head) == 2:
                    break
            if _is_document(head):
                yield 1, _joined(path, head, lines)
                return
            yield from head
            for number, line in lines:
                yield number, line
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}.") from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise TruncatedFile(
            f"{path}:{number + 1}: the file is damaged: {error}.", hint="Copy it again."
        ) from error
    except OSError as error:
        raise BadFile(f"{path} cannot be read: {error.strerror or error}.") from error


def _opened(path: Path) -> IO[bytes]:
    with path.open("rb") as file:
        compressed = file.read(2) == _GZIP
    return cast(IO[bytes], gzip.open(path)) if compressed else path.open("rb")


def _lines(path: Path, stream: IO[bytes]) -> Iterator[tuple[int, bytes]]:
    most = None
    if isinstance(stream, gzip.GzipFile):
        most = FREE + _RATIO * path.stat().st_size
    number = taken = 0
    while line := stream.readline(LONGEST + 1):
        number += 1
        taken += len(line)
        if len(line) > LONGEST:
            raise BadFile(f"{path}:{number}: a line has at most {LONGEST // 2**20} MB.")
        if most is not None and taken > most:
            raise BadFile(
                f"{path}:{number}: more than {_RATIO} times its size comes out of the file.",
                hint="Decompress it yourself if that is right.",
            )
        if not line.isspace():
            yield number, line


def _is_document(head: list[tuple[int, bytes]]) -> bool:
    if not head:
        return False
    first = head[0][1].strip()
    if first[:1] not in (b"{", b"[") or first.endswith((b"}", b"]")):
        return False
    return len(head) == 1 or not head[1][1].startswith(b"{")


def _joined(path: Path, head: list[tuple[int, bytes]], lines: Iterator[tuple[int, bytes]]) -> bytes:
    found, size = [line for _, line in head], 0
    for number, line in lines:
        found.append(line)
        size += len(line)
        if size > LONGEST:
            raise BadFile(
                f"{path}:{number}: one document over many lines has at most {LONGEST // 2**20} MB.",
                hint="Write one event a line, without limit.",
            )
    return b"".join(found)
