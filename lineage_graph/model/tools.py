"""Tools: which one reported a node, by the node's origin."""

from __future__ import annotations

from lineage_graph.model.nodes import Node

_CALLED = {
    "dvc": "DVC",
    "git": "Git LFS",
    "mlflow": "MLflow",
    "mlmd": "ML Metadata",
    "openlineage": "OpenLineage",
    "prov": "PROV",
    "recorder": "recorder",
    "store": "another store",
    "vertex": "Vertex",
}


def tool_of(node: Node) -> str:
    """Return the name of the tool that reported a node; empty where a client put it here itself."""
    tool = (node.origin or "").partition(":")[0]
    return _CALLED.get(tool, tool)
