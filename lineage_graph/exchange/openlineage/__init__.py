"""OpenLineage: what its clients tell of runs, jobs and datasets, from files or over HTTP."""

from lineage_graph.exchange.openlineage.source import OpenLineageSource

__all__ = ["OpenLineageSource"]
