"""Git LFS pointers: the small files that stand in git for data that is kept elsewhere."""

from __future__ import annotations

import re
from typing import NamedTuple

LARGEST = 1024  # bytes of a pointer, as Git LFS has it
_POINTER = re.compile(
    rb"version https://(?:git-lfs\.github\.com/spec|hawser\.github\.com/spec)/v\d\n"
    rb"(?:ext-\d-[^\n]*\n)*"
    rb"oid sha256:(?P<oid>[0-9a-f]{64})\n"
    rb"size (?P<size>\d{1,18})\n*"
)


class Pointer(NamedTuple):
    """The content a pointer stands for: its SHA-256 in hex, and how many bytes it has."""

    sha256: str
    size: int


def read_pointer(content: bytes) -> Pointer | None:
    """Return what a file points to; None where it is no pointer."""
    found = _POINTER.fullmatch(content.replace(b"\r\n", b"\n"))
    return Pointer(found["oid"].decode(), int(found["size"])) if found else None
