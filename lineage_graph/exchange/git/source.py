"""A git repository with data in Git LFS as a source: which commit made which version of which file."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lineage_graph.errors import BadFile
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.git.data import Files
from lineage_graph.exchange.git.reading import CUT, Reading
from lineage_graph.exchange.git.repository import Repository
from lineage_graph.model import Subgraph

_BATCH = 2000  # nodes and links
_REFS = ("refs/heads/", "refs/remotes/", "refs/tags/")


class GitSource(Source):
    """A git repository, its folder or a bare one: its data files in Git LFS through all commits.

    In the graph:

    - an artifact is a path with one content (``sha256``, ``bytes``): a ``Model`` where its name
      ends as models do or begins with "model", else a ``Dataset``. A renamed file is an artifact of
      its own, with the same ``sha256``;
    - what a commit did to one file is an execution (``git.Add``, ``git.Change``, ``git.Rename``,
      ``git.Delete``) that read the versions its parents have and wrote the new one, at the time of
      the commit: so the lineage of a file is its own history and not that of neighbouring files;
    - a commit that did so is a context (``git.Commit``) below its repository, with author and
      message; each tag and branch is one of the files that stand at it (at a branch: at its head
      each time it was read).

    Files that are no pointers are not in the graph. Nothing is checked out, run or fetched; see
    ``Repository``. What is gone from the repository stays in the store.

    Raises:
        NotFound, BadFile, UnknownVersion: there is no repository that can be read.
    """

    format = "git"
    keyed = True

    def __init__(self, where: Path | str) -> None:
        super().__init__()
        if isinstance(where, str):
            raise BadFile(
                f"{where} is an address, and nothing is fetched.",
                hint="Clone the repository and name its folder.",
            )
        self._repository = repository = Repository(where)
        try:
            self._reading = Reading(repository, _wanted, self.problem)
        except BaseException:
            repository.close()
            raise
        if self._reading.history.cut:
            self.skipped[CUT] = self._reading.history.cut
        self.source = f"git:{self._reading.first.hex()}"

    def batches(self) -> Iterator[Subgraph]:
        """Yield what commits since ``after`` did to data files, then what stands at tags and branches."""
        if self.after != self._reading.cursor:
            yield from self._new()
        self.cursor = self._reading.cursor

    def close(self) -> None:
        """Let go of the repository's files."""
        self._repository.close()

    def _new(self) -> Iterator[Subgraph]:
        reading = self._reading
        known = reading.known(self.after)
        commits = reading.history.commits(known)
        before = Files(self._repository, reading, lambda place, reason: None)
        for commit in islice(commits, len(known)):  # only to know what they reported already
            before.read(commit)
            before.gathering.take()
        files = Files(self._repository, reading, self.problem, before.told)
        for commit in commits:
            files.read(commit)
            if len(files.gathering) >= _BATCH:
                yield files.gathering.take()
        for ref, oid in reading.refs.items():
            if oid in reading.history:
                files.stand(ref, reading.history.commit(oid))
            if len(files.gathering) >= _BATCH:
                yield files.gathering.take()
        if len(files.gathering):
            yield files.gathering.take()


def _wanted(ref: str) -> bool:
    return ref.startswith(_REFS)
