"""TFX: a pipeline's folder as a source, and the formats of the files that its components write."""

from lineage_graph.exchange.tfx.source import TfxSource

__all__ = ["TfxSource"]
