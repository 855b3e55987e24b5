"""Imports only go down; the contracts stand in pyproject.toml."""

from __future__ import annotations

import subprocess
import sys

from tests.house.files import ROOT


def test_the_contracts_are_kept() -> None:
    code = "from importlinter.cli import lint_imports_command as c; c(['--no-cache'])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def test_importing_the_package_is_cheap() -> None:
    """The command line answers ``--help`` at once: no driver, no pydantic, no web server."""
    code = "import sys, lineage_graph; print(sorted({'neo4j', 'pydantic', 'fastapi'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
