"""README.md says what the code does: its two lines, its tables, and no host of a package registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.cli.readme import README, filled

TEXT = README.read_text(encoding="utf-8")
ROOT = README.parent


def test_the_made_tables_are_up_to_date() -> None:
    assert filled(TEXT) == TEXT, "run: python -m tests.cli.readme"


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


@pytest.mark.parametrize(
    "path", re.findall(r"`((?:cypher|web|tests|benchmarks|lineage_graph)/[\w/.]*)`", TEXT)
)
def test_every_path_it_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_command_is_named() -> None:
    from typer.main import get_group

    from lineage_graph.cli.main import app

    for name in get_group(app).commands:
        assert f"lineage-graph {name}" in TEXT


def test_the_ci_script_is_valid_bash() -> None:
    if not Path("/bin/bash").exists():
        pytest.skip("no bash here")
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)
