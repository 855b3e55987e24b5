"""Git repositories, read as files: objects, refs, trees and history. Nothing of git is run."""

from lineage_graph.exchange.git.history import Commit, History
from lineage_graph.exchange.git.objects import Damaged, TooLarge
from lineage_graph.exchange.git.reading import CUT, Reading
from lineage_graph.exchange.git.repository import Repository
from lineage_graph.exchange.git.trees import Change, Entry, Trees

__all__ = [
    "CUT",
    "Change",
    "Commit",
    "Damaged",
    "Entry",
    "History",
    "Reading",
    "Repository",
    "TooLarge",
    "Trees",
]
