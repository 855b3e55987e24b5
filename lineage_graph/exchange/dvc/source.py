"""A DVC repository as a source: its history, commit by commit, read from git's objects alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from lineage_graph.errors import BadFile
from lineage_graph.exchange.base import Source
from lineage_graph.exchange.dvc.graph import Graph
from lineage_graph.exchange.dvc.snapshots import Snapshots
from lineage_graph.exchange.git import CUT, Reading, Repository
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
    - data that ``dvc add`` tracks are artifacts, of the commit (``git.Commit``) that first tracked
      them; what ``dvc import`` fetched is written by an
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
            self._reading = Reading(repository, _wanted, self.problem)
        except BaseException:
            repository.close()
            raise
        self._history = self._reading.history
        if self._history.cut:
            self.skipped[CUT] = self._history.cut
        self.source = f"dvc:{self._reading.first.hex()}"

    def batches(self) -> Iterator[Subgraph]:
        """Yield what commits since ``after`` brought, then what stands at tags, branches, experiments."""
        if self.after != self._reading.cursor:
            yield from self._new()
        self.cursor = self._reading.cursor

    def close(self) -> None:
        """Let go of the repository's files."""
        self._repository.close()

    def _new(self) -> Iterator[Subgraph]:
        snapshots = Snapshots(self._repository, self._history)
        reading = self._reading
        known = reading.known(self.after)
        experiments = {
            oid: ref.rpartition("/")[2]
            for ref, oid in reading.refs.items()
            if ref.startswith("refs/exps/")
        }
        commits = self._history.commits(known)
        before = Graph(reading, snapshots, lambda place, reason: None, Counter())
        for commit in islice(commits, len(known)):  # to know what they told, not to tell it again
            before.read(commit)
            before.gathering.take()
        graph = Graph(reading, snapshots, self.problem, self.skipped, before.told)
        for commit in commits:
            graph.read(commit, experiments.get(commit.oid))
            if len(graph.gathering) >= _BATCH:
                yield graph.gathering.take()
        for ref, oid in reading.refs.items():
            if oid in self._history:
                graph.stand(ref, self._history.commit(oid))
            if len(graph.gathering) >= _BATCH:
                yield graph.gathering.take()
        if len(graph.gathering):
            yield graph.gathering.take()


def _wanted(ref: str) -> bool:
    return not ref.startswith(_UNREAD)
