"""The lineage of machine-learning pipelines in a graph.

Record what your code does::

    import lineage_graph as lg

    with lg.pipeline("penguin").run("2026-11-23") as run:
        with run.step("Trainer", inputs={"examples": "data/train"}, params={"epochs": 5}) as step:
            model = step.output("Model", uri="models/7")
            step.log(accuracy=0.93)

Names are imported when they are first used, so importing the package is cheap.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lineage_graph.errors import LineageError
    from lineage_graph.importing import ImportResult, import_from
    from lineage_graph.model import (
        Artifact,
        ArtifactType,
        Association,
        Attribution,
        Context,
        ContextType,
        Event,
        Execution,
        ExecutionType,
        Kind,
        ParentContext,
        Ref,
        Subgraph,
    )
    from lineage_graph.pictures.notebook import LineageView, draw, lineage
    from lineage_graph.questions import ask, compare, why
    from lineage_graph.recorder import (
        Pipeline,
        Run,
        Step,
        artifact,
        current_run,
        current_step,
        pipeline,
        replay,
        step,
        track,
    )
    from lineage_graph.recorder.autolog import autolog
    from lineage_graph.settings import Settings
    from lineage_graph.store import Direction, Find, PutOptions, StopAt, Store

__version__ = "0.1.0"

__all__ = [
    "Artifact",
    "ArtifactType",
    "Association",
    "Attribution",
    "Context",
    "ContextType",
    "Direction",
    "Event",
    "Execution",
    "ExecutionType",
    "Find",
    "ImportResult",
    "Kind",
    "LineageError",
    "LineageView",
    "ParentContext",
    "Pipeline",
    "PutOptions",
    "Ref",
    "Run",
    "Settings",
    "Step",
    "StopAt",
    "Store",
    "Subgraph",
    "__version__",
    "artifact",
    "ask",
    "autolog",
    "compare",
    "current_run",
    "current_step",
    "draw",
    "import_from",
    "lineage",
    "pipeline",
    "replay",
    "step",
    "track",
    "why",
]

_HOMES = {
    "errors": ("LineageError",),
    "model": (
        "Artifact",
        "ArtifactType",
        "Association",
        "Attribution",
        "Context",
        "ContextType",
        "Event",
        "Execution",
        "ExecutionType",
        "Kind",
        "ParentContext",
        "Ref",
        "Subgraph",
    ),
    "importing": ("ImportResult", "import_from"),
    "pictures.notebook": ("LineageView", "draw", "lineage"),
    "questions": ("ask", "compare", "why"),
    "recorder": (
        "Pipeline",
        "Run",
        "Step",
        "artifact",
        "current_run",
        "current_step",
        "pipeline",
        "replay",
        "step",
        "track",
    ),
    "recorder.autolog": ("autolog",),
    "settings": ("Settings",),
    "store": ("Direction", "Find", "PutOptions", "StopAt", "Store"),
}
_HOME = {name: home for home, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
