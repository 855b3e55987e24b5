"""MLflow: experiments, runs, datasets, models and their registry, from a server, a database or a folder."""

from lineage_graph.exchange.mlflow.source import MlflowSource

__all__ = ["MlflowSource"]
