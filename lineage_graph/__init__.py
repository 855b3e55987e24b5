"""The lineage of machine-learning pipelines in a graph.

Record what your code does. Records go where the settings say, without any into an embedded database::

    import lineage_graph as lg

    for epochs, accuracy in (5, 0.93), (9, 0.95):
        with lg.pipeline("penguin").run(f"epochs-{epochs}") as run:
            data = {"examples": "s3://penguins/train"}
            with run.step("Trainer", inputs=data, params={"epochs": epochs}) as step:
                model = step.output("Model", uri=f"models/{epochs}")
                step.log(accuracy=accuracy)

Look at it. A table is shown in a notebook, and is a data frame where you want one (``to_pandas()``,
``to_polars()``)::

    lg.runs("penguin")
    lg.artifacts(type="Model", where="uri LIKE 'models/%'").to_dicts()
    best = lg.best("penguin", "accuracy")
    best.metrics("accuracy")

Ask. ``lineage-graph serve`` shows the same in a browser, ``lineage-graph ask`` lists the questions::

    with lg.Store.open() as store:
        lg.ask(store, "pipelines")
        lg.lineage(store, best.ref)

Compare runs, fact by fact::

    with lg.Store.open() as store:
        other = lg.runs("penguin", store=store)[-1]
        lg.compare(store, [best.ref, other.ref]).rows

Names are imported when they are first used, so importing the package is cheap. What is read and written
has its classes in ``lineage_graph.model`` (``Artifact``, ``Execution``, ``Subgraph``), what a store is asked
with in ``lineage_graph.store`` (``Find``, ``PutOptions``).
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lineage_graph.errors import LineageError
    from lineage_graph.importing import import_from
    from lineage_graph.pictures.notebook import draw, lineage
    from lineage_graph.questions import ask, compare, why
    from lineage_graph.questions.tables import artifacts, best, executions, history, runs
    from lineage_graph.recorder import (
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
    from lineage_graph.store import Store

__version__ = "0.1.0"

__all__ = [
    "LineageError",
    "Run",
    "Settings",
    "Step",
    "Store",
    "__version__",
    "artifact",
    "artifacts",
    "ask",
    "autolog",
    "best",
    "compare",
    "current_run",
    "current_step",
    "draw",
    "executions",
    "history",
    "import_from",
    "lineage",
    "pipeline",
    "replay",
    "runs",
    "step",
    "track",
    "why",
]

# Those that are not in __all__ are kept for one version: lineage_graph.model and .store have them.
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
    "questions.tables": (
        "StoredRun",
        "Table",
        "artifacts",
        "best",
        "executions",
        "history",
        "runs",
    ),
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
    return sorted(__all__)
