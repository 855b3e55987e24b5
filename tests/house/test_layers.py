"""Imports only go down; pyproject.toml has the contracts of the package."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from tests.house.files import ROOT, tracked


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


def test_the_package_imports_no_tests_and_tests_import_no_benchmarks() -> None:
    """Benchmarks may use what the tests have, such as worlds and servers; not the other way round."""
    forbidden = {"lineage_graph": {"tests", "benchmarks"}, "tests": {"benchmarks"}}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in tracked(".py")
        for name in _imported(path)
        if name.partition(".")[0] in forbidden.get(path.relative_to(ROOT).parts[0], ())
    ]
    assert not wrong


def _imported(path: Path) -> Iterator[str]:
    """Yield the modules that a file imports, at the top or within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
