"""Exchange: one module per outside tool, Subgraph in or out. Never touches the database."""

from lineage_graph.exchange.base import Source
from lineage_graph.exchange.registry import FORMATS, open_source

__all__ = ["FORMATS", "Source", "open_source"]
