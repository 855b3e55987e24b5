"""What a commit holds of DVC: its lock files, definitions and remotes, each read once while it stays the same."""

from __future__ import annotations

import posixpath
from collections import OrderedDict
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from lineage_graph.exchange.documents import LARGEST, Unreadable
from lineage_graph.exchange.dvc.definitions import Definition, Remotes
from lineage_graph.exchange.dvc.stages import Lock, Locks, Stage, read_single
from lineage_graph.exchange.git import (
    Change,
    Commit,
    CommitHistory,
    DamagedObject,
    Entry,
    ObjectTooLarge,
    Repository,
    Trees,
)

T = TypeVar("T")
_KEPT = 256  # documents of a kind


class Locked(NamedTuple):
    """A ``dvc.lock`` at a commit: its folder, its stages, and what stands beside it.

    ``problem`` says why the ``dvc.yaml`` beside it cannot be read, where it cannot.
    """

    folder: str
    lock: Lock
    definition: Definition
    problem: str


class Snapshots:
    """Reads commits' DVC files. Every method that reads may raise Damaged (git) or Unreadable (DVC)."""

    def __init__(self, repository: Repository, history: CommitHistory) -> None:
        self._history = history
        self._trees = Trees(repository.objects, _wanted)
        self._locks = Locks()
        self._newest: Remotes | None = None
        self._kept: OrderedDict[tuple[type, bytes | None, str], object] = OrderedDict()

    def changes(self, commit: Commit) -> list[Change]:
        """Return the DVC files that a commit changed: those that none of its parents has as they are now."""
        parents = [
            self._history.commit(parent).tree for parent in self._history.parents(commit.oid)
        ]
        found = self._trees.changes(parents[0] if parents else None, commit.tree)
        return [
            change
            for change in found
            if change.after is not None
            and all(self._trees.find(tree, change.path) != change.after for tree in parents[1:])
        ]

    def files(self, commit: Commit) -> list[Change]:
        """Return all DVC files of a commit."""
        return self._trees.files(commit.tree)

    def lock(self, commit: Commit, path: str, entry: Entry) -> Locked:
        """Return a ``dvc.lock`` of a commit."""
        folder = posixpath.dirname(path)
        lock = self._once(Lock, entry, "", lambda: self._locks.read(self._content(entry)))
        try:
            return Locked(folder, lock, self.definition(commit, folder), "")
        except (DamagedObject, Unreadable) as error:
            return Locked(folder, lock, Definition(None), str(error))

    def single(self, path: str, entry: Entry) -> Stage:
        """Return a ``*.dvc`` file."""
        name = posixpath.basename(path)
        return self._once(Stage, entry, name, lambda: read_single(name, self._content(entry)))

    def definition(self, commit: Commit, folder: str) -> Definition:
        """Return the ``dvc.yaml`` of a folder, empty where there is none."""
        entry = self._file(commit, posixpath.join(folder, "dvc.yaml"))
        return self._once(
            Definition, entry, "", lambda: Definition(self._content(entry) if entry else None)
        )

    def remotes(self, commit: Commit) -> Remotes:
        """Return the remotes of a commit's ``.dvc/config``; where it has none yet, the latest ones."""
        return self._remotes(commit) or self._latest()

    def _latest(self) -> Remotes:
        if self._newest is None:
            tips = [self._history.commit(oid) for oid in self._history.tips()]
            self._newest = self._remotes(max(tips, key=lambda commit: (commit.at, commit.oid)))
        return self._newest

    def _remotes(self, commit: Commit) -> Remotes:
        entry = self._file(commit, ".dvc/config")
        return self._once(
            Remotes, entry, "", lambda: Remotes(self._content(entry) if entry else None)
        )

    def in_git(self, commit: Commit, path: str) -> bool:
        """True where git itself keeps something at a path."""
        return self._trees.find(commit.tree, path) is not None

    def content(self, commit: Commit, path: str, limit: int) -> bytes | None:
        """Return what a file of a commit holds; None where it is not in git, or has more bytes."""
        entry = self._file(commit, path)
        try:
            return None if entry is None else self._trees.content(entry, limit)
        except ObjectTooLarge:
            return None

    def _file(self, commit: Commit, path: str) -> Entry | None:
        entry = self._trees.find(commit.tree, path)
        return entry if entry is not None and entry.is_file else None

    def _content(self, entry: Entry) -> bytes:
        return self._trees.content(entry, LARGEST)

    def _once(self, kind: type[T], entry: Entry | None, name: str, read: Callable[[], T]) -> T:
        key = (kind, entry.oid if entry else None, name)
        if (kept := self._kept.get(key)) is not None:
            self._kept.move_to_end(key)
            assert isinstance(kept, kind)
            return kept
        made = read()
        self._kept[key] = made
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made


def _wanted(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    if folder == ".dvc" or folder.endswith("/.dvc"):
        return False
    return name == "dvc.lock" or (name.endswith(".dvc") and name != ".dvc")
