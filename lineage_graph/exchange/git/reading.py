"""How far a repository was read: the commits its refs lead to, and which of them are new."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from lineage_graph.errors import BadFile
from lineage_graph.exchange.git.history import CommitHistory
from lineage_graph.exchange.git.objects import DamagedObject
from lineage_graph.exchange.git.repository import Repository

CUT = "parents of commits that a shallow clone left out"


class Reading:
    """The refs that are wanted, each with its commit, and the history they lead to.

    ``first`` is the oldest commit without parents: it identifies the repository.
    ``cursor`` names the commits that no other follows, and a hash of the refs.

    Raises:
        BadFile: no commit can be read.
    """

    def __init__(
        self,
        repository: Repository,
        wanted: Callable[[str], bool],
        problem: Callable[[str, str], None],
    ) -> None:
        self._repository = repository
        self.refs: dict[str, bytes] = {}
        for place, reason in repository.problems:
            problem(place, reason)
        for ref, oid in repository.refs.items():
            if not wanted(ref) or ref.endswith("/HEAD"):
                continue
            try:
                self.refs[ref] = repository.peeled(oid)
            except DamagedObject as error:
                problem(ref, error.message)
        self.history = CommitHistory(repository, self.refs.values())
        for place, reason in self.history.problems:
            problem(place, reason)
        first = self.history.first()
        if first is None:
            raise BadFile(f"{repository.folder} has no commit that can be read.")
        self.first = first
        tips = " ".join(sorted(oid.hex() for oid in self.history.tips()))
        refs = "".join(f"{name} {oid.hex()}\n" for name, oid in self.refs.items())
        self.cursor = f"{tips} refs:{hashlib.sha256(refs.encode()).hexdigest()[:16]}"

    @property
    def title(self) -> str:
        """What people call the repository, and its first commit, for many have one name."""
        return f"{self._repository.name} ({self.first.hex()[:7]})"

    def known(self, cursor: str) -> set[bytes]:
        """Return the commits that the read which left this cursor has reported."""
        tips = []
        for word in cursor.partition(" refs:")[0].split():
            try:
                tips.append(bytes.fromhex(word))
            except ValueError:
                return set()
        history = self.history
        if any(tip not in history for tip in tips):  # rewritten since: git may keep what was left
            history = CommitHistory(self._repository, tips)
        return {oid for oid in history.reachable(tips) if oid in self.history}
