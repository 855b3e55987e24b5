"""What ``import lineage_graph`` promises; a name that goes away breaks somebody's code."""

from __future__ import annotations

import lineage_graph

NAMES = {
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
}


def test_the_public_names() -> None:
    assert set(lineage_graph.__all__) == NAMES
    assert len(lineage_graph.__all__) == len(NAMES)


def test_every_name_is_there_and_explained() -> None:
    for name in NAMES - {"__version__"}:
        assert getattr(lineage_graph, name).__doc__, name
    assert set(dir(lineage_graph)) >= NAMES
