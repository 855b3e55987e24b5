"""The package's own names: all there, and cheap until they are used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import lineage_graph


def test_every_public_name_is_there() -> None:
    for name in lineage_graph.__all__:
        assert getattr(lineage_graph, name) is not None
    assert set(lineage_graph.__all__) <= set(dir(lineage_graph))
    with pytest.raises(AttributeError, match="nothing"):
        lineage_graph.nothing  # noqa: B018


def test_importing_the_package_imports_nothing_else() -> None:
    script = (
        "import sys, lineage_graph\n"
        "heavy = {'neo4j', 'pydantic', 'fastapi', 'typer'} & sys.modules.keys()\n"
        "sys.exit(repr(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
