"""The documentation: its tables are made from the code, its links lead somewhere, what it names exists."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_group

from lineage_graph.cli.main import app
from tests.docs.tables import DOCS, ROOT, filled, pages

TEXTS = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in (*sorted(DOCS.rglob("*.md")), *sorted(ROOT.glob("*.md")))
}
_LINK = re.compile(r"\]\(([^)#\s]+?)(#[^)\s]*)?\)|srcset=\"([^\"]+)\"|src=\"([^\"]+)\"")
_PATH = re.compile(r"`((?:cypher|web|tests|benchmarks|lineage_graph|examples|docs)/[\w/.]*)`")


@pytest.mark.parametrize("name", pages())
def test_the_made_tables_are_up_to_date(name: str) -> None:
    text = TEXTS[f"docs/{name}"]
    assert filled(name, text) == text, "run: python -m tests.docs.tables"


@pytest.mark.parametrize("name", TEXTS)
def test_every_path_it_names_exists(name: str) -> None:
    missing = [path for path in _PATH.findall(TEXTS[name]) if not (ROOT / path).exists()]
    assert not missing


@pytest.mark.parametrize("name", TEXTS)
def test_every_link_leads_somewhere(name: str) -> None:
    home = (ROOT / name).parent
    links = [found for match in _LINK.findall(TEXTS[name]) for found in (match[0], *match[2:])]
    local = [link for link in links if link and "://" not in link]
    assert not [link for link in local if not (home / link).exists()]


def test_every_command_is_described() -> None:
    text = TEXTS["docs/reference/commands.md"]
    assert not [name for name in get_group(app).commands if f"`lineage-graph {name}" not in text]


def test_every_folder_has_its_line_in_the_architecture() -> None:
    text = TEXTS["docs/architecture.md"]
    inside = [path for path in (ROOT / "lineage_graph").iterdir() if path.name[0] not in "_."]
    names = [
        f"`lineage_graph/{path.name}{'/' if path.is_dir() else ''}`"
        for path in inside
        if path.is_dir() or path.suffix == ".py"
    ]
    assert names
    assert not [name for name in names if name not in text]


def test_the_site_is_built_without_a_warning(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(tmp_path)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env=environment)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "reference" / "python" / "index.html").stat().st_size > 50_000
