"""How nodes keep metrics: which properties were measured, and how their values went over time."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping
from typing import Any

from lineage_graph.model.nodes import Node
from lineage_graph.model.values import Value

METRIC_NAMES = "metric_names"
"""Custom property of executions and runs: the names, as JSON, of the properties that were measured."""
HISTORY = "history"
"""Property (STRUCT): of each metric its values in order, each as ``[step, value, time]``."""
LEAST, MOST, BEST, LOGGED = " least", " most", " best", " logged"
"""How the names of properties end that sum a history up."""


def metric_names_text(names: Iterable[str]) -> str:
    """Return the names of what was measured as ``METRIC_NAMES`` keeps them."""
    return json.dumps(sorted(names), ensure_ascii=False)


def metric_names(node: Node) -> frozenset[str]:
    """Return which properties of a node were measured, where it says so."""
    held = node.custom_properties.get(METRIC_NAMES)
    try:
        names = json.loads(held) if isinstance(held, str) else []
    except ValueError:
        return frozenset()
    told = names if isinstance(names, list) else []
    return frozenset(name for name in told if isinstance(name, str))


def history_of(node: Node) -> Mapping[str, Any]:
    """Return what a node keeps of each metric over time, by name; nothing where it keeps none."""
    told = node.custom_properties.get(HISTORY, node.properties.get(HISTORY))
    return told if isinstance(told, Mapping) else {}


def number_or_text(value: float) -> Value:
    """Return a measured value as JSON can hold it: ``NaN``, ``Infinity``, ``-Infinity`` are texts."""
    if math.isfinite(value):
        return value
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
