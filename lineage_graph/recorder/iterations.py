"""Metrics of an iteration: the one place that says at which iteration a metric was measured."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

from lineage_graph.recorder.steps import Step

_HAS_AXIS = "step" in inspect.signature(Step.log).parameters


def log_at(step: Step, metrics: Mapping[str, Any], iteration: int) -> None:
    """Log metrics of one iteration, counted from 0; fails as ``Step.log`` does."""
    if _HAS_AXIS:
        step.log(**metrics, step=iteration)
    else:  # without a history the last value is what is kept
        step.log(**metrics)
