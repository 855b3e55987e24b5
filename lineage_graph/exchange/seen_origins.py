"""Told: which things a reader has told of already, in little memory."""

from __future__ import annotations

from hashlib import blake2b

_BYTES = (
    12  # of a digest: two of a billion things are one with a chance of one in a hundred billion
)


class SeenOrigins:
    """A set of origins that only grows; it keeps a digest of each, so that a long history fits in memory."""

    __slots__ = ("_digests",)

    def __init__(self) -> None:
        self._digests: set[bytes] = set()

    def __contains__(self, origin: str) -> bool:
        """Whether it was told of."""
        return _digest(origin) in self._digests

    def add(self, origin: str) -> None:
        """Note that it was told of."""
        self._digests.add(_digest(origin))


def _digest(origin: str) -> bytes:
    return blake2b(origin.encode("utf-8", "surrogatepass"), digest_size=_BYTES).digest()
