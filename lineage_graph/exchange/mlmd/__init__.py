"""Reader of ML Metadata's stores (SQLite, MySQL, PostgreSQL), schema versions 4 to 10."""

from lineage_graph.exchange.mlmd.source import MlmdSource

__all__ = ["MlmdSource"]
