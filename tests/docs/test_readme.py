"""README.md is one page, and its two lines are what newcomers and continuous integration run."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.docs.tables import ROOT

TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_is_one_page() -> None:
    assert TEXT.count("\n") <= 150


def test_the_two_lines_are_there_and_each_is_one_line() -> None:
    lines = re.findall(r"```sh\n(python3 -m venv .*)\n```", TEXT)
    assert len(lines) == 2
    assert lines[0].endswith("lineage-graph open tests/data/tfx_mlmd.sqlite")
    assert lines[1].endswith("python -m pytest -n 2")


def test_continuous_integration_runs_the_line_of_the_readme() -> None:
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    (search,) = re.findall(r"grep -m 1 '([^']+)' README\.md", script)
    found = [line for line in TEXT.splitlines() if re.search(search, line)]
    assert found == re.findall(r"^python3 -m venv .*python -m pytest -n 2$", TEXT, re.MULTILINE)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111


def test_the_ci_script_is_valid_bash() -> None:
    if not Path("/bin/bash").exists():
        pytest.skip("no bash here")
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
