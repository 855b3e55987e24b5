"""Reading back: runs, artifacts and executions as tables, and the best run."""

from lineage_graph.questions.tables.metric_points import MetricPoint, history
from lineage_graph.questions.tables.node_table import artifacts, executions
from lineage_graph.questions.tables.run_table import StoredRun, best, runs
from lineage_graph.questions.tables.table import Table

__all__ = [
    "MetricPoint",
    "StoredRun",
    "Table",
    "artifacts",
    "best",
    "executions",
    "history",
    "runs",
]
