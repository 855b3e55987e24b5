"""Exchange: one module per outside tool, Subgraph in or out. Never touches the database.

Other packages add readers and writers by entry points (``plugins``), with the names that stand here.
"""

from lineage_graph.exchange.base import Problem, Source
from lineage_graph.exchange.registry import FORMATS, open_source, readers
from lineage_graph.exchange.subgraph_builder import SubgraphBuilder
from lineage_graph.exchange.writing import About, Writer, collected, writers

__all__ = [
    "FORMATS",
    "About",
    "Problem",
    "Source",
    "SubgraphBuilder",
    "Writer",
    "collected",
    "open_source",
    "readers",
    "writers",
]
