"""A DVC repository as a source: its history, commit by commit, read from git's objects alone."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lineage_graph.errors import BadFile
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.dvc.graph import Graph
from lineage_graph.exchange.dvc.snapshots import Snapshots
from lineage_graph.exchange.git import Damaged, History, Repository
from lineage_graph.model import Subgraph

_BATCH = 2000  # nodes and links
_UNREAD = (
    "refs/exps/exec/",
    "refs/exps/stash",
    "refs/exps/celery/",
    "refs/exps/apply",
    "refs/notes/",
    "refs/replace/",
    "refs/stash",
)


class DvcSource(Source):
    """A git repository with DVC files, its folder or a bare one, and every commit its refs lead to.

    In the graph:

    - an execution is a stage as it was run: what ``dvc.lock`` says of it (command, hashes of what
      it read and wrote, parameters), once for each distinct entry however many commits hold it.
      Its commit (``git_commit``), author and time are those of the first commit that holds it:
      DVC notes neither when a stage began nor when it ended, and no run that failed;
    - an artifact is a file or folder at a path with one hash; metrics and plots have the values
      that git keeps of them; what DVC keeps has the uri its remote gives it, at that commit;
    - a pipeline is a folder's ``dvc.lock``, a run of it a commit that changed it, with all stages
      that stand in it then; each tag, branch and experiment is a context of the stages and data
      that stand at it (at a branch: at its head each time it was read);
    - data that ``dvc add`` tracks are artifacts; what ``dvc import`` fetched is written by an
      execution that read it from its repository or address.

    Nothing is checked out, run or fetched; see ``Repository``. Commits that are gone from the
    repository stay in the store. A cursor names the commits that no other follows, so the next
    reading tells only of commits they do not lead to.

    Raises:
        NotFound, BadFile, UnknownVersion: there is no repository that can be read.
    """

    format = "dvc"
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
            self._refs = self._peeled()
            self._history = history = History(repository, self._refs.values())
            first = history.first()
            if first is None:
                raise BadFile(f"{where} has no commit that can be read.")
        except BaseException:
            repository.close()
            raise
        for place, reason in (*repository.problems, *history.problems):
            self.problem(place, reason)
        if history.cut:
            self.skipped["parents of commits that a shallow clone left out"] = history.cut
        self.source = f"dvc:{first.hex()}"
        self._first = first
        tips = " ".join(sorted(oid.hex() for oid in history.tips()))
        refs = "".join(f"{name} {oid.hex()}\n" for name, oid in self._refs.items())
        self._here = f"{tips} refs:{hashlib.sha256(refs.encode()).hexdigest()[:16]}"

    def batches(self) -> Iterator[Subgraph]:
        """Yield what commits since ``after`` brought, then what stands at tags, branches, experiments."""
        if self.after != self._here:
            yield from self._new()
        self.cursor = self._here

    def close(self) -> None:
        """Let go of the repository's files."""
        self._repository.close()

    def _new(self) -> Iterator[Subgraph]:
        snapshots = Snapshots(self._repository, self._history)
        name, known = self._repository.name, self._known()
        commits = self._history.commits(known)
        before = Graph(name, self._first, snapshots, lambda place, reason: None, Counter())
        for commit in islice(commits, len(known)):  # to know what they told, not to tell it again
            before.read(commit)
            before.gathering.take()
        graph = Graph(name, self._first, snapshots, self.problem, self.skipped, before.told)
        for commit in commits:
            graph.read(commit, self._experiments.get(commit.oid))
            if len(graph.gathering) >= _BATCH:
                yield graph.gathering.take()
        for ref, oid in self._refs.items():
            if oid in self._history:
                graph.stand(ref, self._history.commit(oid))
            if len(graph.gathering) >= _BATCH:
                yield graph.gathering.take()
        if len(graph.gathering):
            yield graph.gathering.take()

    def _known(self) -> set[bytes]:
        """Return the commits an earlier reading has told of."""
        tips = []
        for word in self.after.partition(" refs:")[0].split():
            try:
                tips.append(bytes.fromhex(word))
            except ValueError:
                return set()
        history = self._history
        if any(tip not in history for tip in tips):  # rewritten since: git may keep what was left
            history = History(self._repository, tips)
        return {oid for oid in history.reachable(tips) if oid in self._history}

    def _peeled(self) -> dict[str, bytes]:
        """Return the commit each ref that is read leads to."""
        found: dict[str, bytes] = {}
        self._experiments: dict[bytes, str] = {}
        for ref, oid in self._repository.refs.items():
            if ref.startswith(_UNREAD) or ref.endswith("/HEAD"):
                continue
            try:
                found[ref] = self._repository.peeled(oid)
            except Damaged as error:
                self.problem(ref, error.message)
                continue
            if ref.startswith("refs/exps/"):
                self._experiments[found[ref]] = ref.rpartition("/")[2]
        return found
