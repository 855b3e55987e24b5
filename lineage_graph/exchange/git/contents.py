"""Chooses the reader of a git repository by the files in its branches."""

from __future__ import annotations

from pathlib import Path

from lineage_graph.exchange.git.history import CommitHistory
from lineage_graph.exchange.git.objects import DamagedObject
from lineage_graph.exchange.git.repository import Repository
from lineage_graph.exchange.git.trees import Trees

_MOST_REFS = 100


def holds_dvc(path: Path) -> bool:
    """True where any of a repository's refs (of its first hundred) leads to files of DVC.

    Raises:
        NotFound, BadFile, UnknownVersion: there is no repository that can be read.
    """
    repository = Repository(path)
    try:
        trees = Trees(repository.objects, _of_dvc)
        for oid in list(repository.refs.values())[:_MOST_REFS]:
            try:
                commit = CommitHistory.of(repository, repository.peeled(oid))
                if trees.find(commit.tree, ".dvc") or trees.files(commit.tree):
                    return True
            except DamagedObject:
                continue
    finally:
        repository.close()
    return False


def _of_dvc(path: str) -> bool:
    return path.rpartition("/")[2] in ("dvc.lock", "dvc.yaml") or path.endswith(".dvc")
