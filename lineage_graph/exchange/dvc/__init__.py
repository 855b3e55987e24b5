"""DVC repositories in: the history of stages, data, parameters and metrics, read from git's objects."""

from lineage_graph.exchange.dvc.source import DvcSource

__all__ = ["DvcSource"]
