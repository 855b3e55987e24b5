"""The commits that refs lead to, parents first."""

from __future__ import annotations

import heapq
import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from lineage_graph.exchange.git.objects import DamagedObject
from lineage_graph.exchange.git.repository import Repository

_AUTHOR = re.compile(rb"^(?P<who>.*?) ?<(?P<mail>[^>]*)> (?P<at>-?\d{1,15})(?: [+-]\d{4})?$")
_LONGEST_SUBJECT = 200
_LATEST = 253402300799  # the last second of the year 9999


class Commit(NamedTuple):
    """A commit: ids are 20 bytes, times are ms since the epoch (when it was committed)."""

    oid: bytes
    tree: bytes
    parents: tuple[bytes, ...]
    author: str
    at: int
    subject: str

    @property
    def short(self) -> str:
        """The first seven digits of its id, as people write it."""
        return self.oid.hex()[:7]


class CommitHistory:
    """The commits that some refs lead to; what is damaged or missing ends a line of it.

    ``problems`` lists what could not be read, ``cut`` counts parents that a shallow clone left out.
    """

    def __init__(self, repository: Repository, heads: Iterable[bytes]) -> None:
        self._repository = repository
        self.problems: list[tuple[str, str]] = []
        self.cut = 0
        self._parents: dict[bytes, tuple[bytes, ...]] = {}
        self._times: dict[bytes, int] = {}
        shallow = repository.shallow()
        stack = list(dict.fromkeys(heads))
        while stack:
            oid = stack.pop()
            if oid in self._parents:
                continue
            try:
                commit = self.commit(oid)
            except DamagedObject as error:
                self._parents[oid] = ()
                self.problems.append((f"commit {oid.hex()[:7]}", error.message))
                continue
            parents = commit.parents
            if oid in shallow:
                self.cut += len(parents)
                parents = ()
            self._parents[oid] = parents
            self._times[oid] = commit.at
            stack.extend(parents)

    def __len__(self) -> int:
        """How many commits can be read."""
        return len(self._times)

    def __contains__(self, oid: object) -> bool:
        """True for a commit that can be read."""
        return oid in self._times

    def first(self) -> bytes | None:
        """Return the oldest commit without parents; of equally old ones the least id."""
        roots = [(at, oid) for oid, at in self._times.items() if not self._parents[oid]]
        return min(roots)[1] if roots else None

    def tips(self) -> set[bytes]:
        """Return the commits that no other one follows."""
        followed = {parent for parents in self._parents.values() for parent in parents}
        return {oid for oid in self._times if oid not in followed}

    def reachable(self, heads: Iterable[bytes]) -> set[bytes]:
        """Return the commits that given ones lead to."""
        found: set[bytes] = set()
        stack = [oid for oid in heads if oid in self._parents]
        while stack:
            oid = stack.pop()
            if oid not in found:
                found.add(oid)
                stack.extend(self._parents[oid])
        return found

    def commits(self, known: set[bytes]) -> Iterator[Commit]:
        """Yield all commits, those in ``known`` first; parents before children, else by time and id."""
        waiting = dict.fromkeys(self._parents, 0)
        children: dict[bytes, list[bytes]] = {}
        for oid, parents in self._parents.items():
            for parent in set(parents):
                waiting[oid] += 1
                children.setdefault(parent, []).append(oid)
        ready = [self._rank(oid, known) for oid, count in waiting.items() if not count]
        heapq.heapify(ready)
        while ready:
            oid = heapq.heappop(ready)[-1]
            if oid in self._times:
                yield self.commit(oid)
            for child in children.pop(oid, ()):
                waiting[child] -= 1
                if not waiting[child]:
                    heapq.heappush(ready, self._rank(child, known))

    def parents(self, oid: bytes) -> list[bytes]:
        """Return the parents of a commit that can be read."""
        return [parent for parent in self._parents.get(oid, ()) if parent in self._times]

    def commit(self, oid: bytes) -> Commit:
        """Read a commit.

        Raises:
            Damaged: it is missing, or makes no sense.
        """
        return self.of(self._repository, oid)

    @staticmethod
    def of(repository: Repository, oid: bytes) -> Commit:
        """Read a commit of a repository; raises as ``commit``."""
        return _parsed(oid, repository.objects.read(oid, b"commit"))

    def _rank(self, oid: bytes, known: set[bytes]) -> tuple[bool, int, bytes]:
        return oid not in known, self._times.get(oid, 0), oid


def _parsed(oid: bytes, content: bytes) -> Commit:
    head, _, message = content.partition(b"\n\n")
    tree, author, at = b"", "", 0
    parents: list[bytes] = []
    for line in head.split(b"\n"):
        word, _, value = line.partition(b" ")
        if word in (b"tree", b"parent"):
            try:
                named = bytes.fromhex(value.decode("ascii"))
            except ValueError:
                named = b""
            if len(named) != 20:
                raise DamagedObject(f"the commit {oid.hex()} names no {word.decode()}")
            if word == b"tree":
                tree = named
            else:
                parents.append(named)
        elif word in (b"author", b"committer") and (found := _AUTHOR.match(value)):
            at = max(0, min(int(found["at"]), _LATEST)) * 1000
            if word == b"author":
                author = f"{_text(found['who'])} <{_text(found['mail'])}>".strip()
    if not tree:
        raise DamagedObject(f"the commit {oid.hex()} names no tree")
    subject = _text(message.lstrip().partition(b"\n")[0]).strip()[:_LONGEST_SUBJECT]
    return Commit(oid, tree, tuple(dict.fromkeys(parents)), author, at, subject)


def _text(given: bytes) -> str:
    return given.decode("utf-8", "replace").replace("\0", "�")
