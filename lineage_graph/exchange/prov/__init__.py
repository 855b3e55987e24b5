"""W3C PROV: documents in PROV-JSON and PROV-N, read into the graph and written from it."""

from lineage_graph.exchange.prov.source import ProvSource

__all__ = ["ProvSource"]
