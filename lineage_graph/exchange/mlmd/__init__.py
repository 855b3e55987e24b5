"""Reader of ML Metadata's SQLite files, schema versions 6 to 10."""

from lineage_graph.exchange.mlmd.source import MlmdSource

__all__ = ["MlmdSource"]
