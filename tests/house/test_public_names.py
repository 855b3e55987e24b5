"""What ``import lineage_graph`` promises; a name that goes away breaks somebody's code."""

from __future__ import annotations

import ast
import importlib
from pathlib import Path

import lineage_graph

NAMES = {
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
}
MOVED = {"model": ("Artifact", "Event", "Kind", "Ref", "Subgraph"), "store": ("Find", "PutOptions")}
"""Some of the names that are of ``lineage_graph.model`` and ``.store``, and are found here for one version."""


def test_the_public_names() -> None:
    assert set(lineage_graph.__all__) == NAMES
    assert len(lineage_graph.__all__) == len(NAMES)


def test_every_name_is_there_and_explained() -> None:
    for name in NAMES - {"__version__"}:
        assert getattr(lineage_graph, name).__doc__, name
    assert set(dir(lineage_graph)) == NAMES


def test_what_moved_is_still_found() -> None:
    for module, names in MOVED.items():
        home = importlib.import_module(f"lineage_graph.{module}")
        assert all(getattr(lineage_graph, name) is getattr(home, name) for name in names)


def test_type_checkers_know_every_name() -> None:
    tree = ast.parse(Path(lineage_graph.__file__).read_text(encoding="utf-8"))
    (block,) = (one for one in tree.body if isinstance(one, ast.If))
    known = {
        name.name for one in block.body if isinstance(one, ast.ImportFrom) for name in one.names
    }
    assert known | {"__version__"} == NAMES
