"""A set of ids that takes little memory for consecutive ids."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator


class IdSet:
    """A set of ids that are added in roughly ascending order."""

    def __init__(self) -> None:
        self._firsts: list[int] = []
        self._lasts: list[int] = []
        self._others: set[int] = set()

    def add(self, one: int) -> bool:
        """Add an id; return whether it is new."""
        if self._lasts and one <= self._lasts[-1]:
            if one in self:
                return False
            self._others.add(one)
        elif self._lasts and one == self._lasts[-1] + 1:
            self._lasts[-1] = one
        else:
            self._firsts.append(one)
            self._lasts.append(one)
        return True

    def __contains__(self, one: int) -> bool:
        place = bisect_right(self._firsts, one) - 1
        return (place >= 0 and one <= self._lasts[place]) or one in self._others

    def pages(self, size: int) -> Iterator[list[int]]:
        """Yield the ids in lists of at most ``size``."""
        page: list[int] = []
        for one in self:
            page.append(one)
            if len(page) == size:
                yield page
                page = []
        if page:
            yield page

    def __iter__(self) -> Iterator[int]:
        for first, last in zip(self._firsts, self._lasts, strict=True):
            yield from range(first, last + 1)
        yield from sorted(self._others)
