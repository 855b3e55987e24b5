"""Git repositories, read as files: objects, refs, trees and history. Nothing of git is run."""

from lineage_graph.exchange.git.history import Commit, CommitHistory
from lineage_graph.exchange.git.objects import DamagedObject, ObjectTooLarge
from lineage_graph.exchange.git.reading import CUT, Reading
from lineage_graph.exchange.git.repository import Repository
from lineage_graph.exchange.git.trees import Change, Entry, Trees

__all__ = [
    "CUT",
    "Change",
    "Commit",
    "CommitHistory",
    "DamagedObject",
    "Entry",
    "ObjectTooLarge",
    "Reading",
    "Repository",
    "Trees",
]
