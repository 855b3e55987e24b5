"""Every block of code and every command of the README and the documentation is run.

The blocks of a page run one after the other, with one store that holds the sample of TFX. A block behind a
comment ``not run: …`` needs what a test has not; of its commands the names and options are checked.
"""

from __future__ import annotations

import inspect
import os
import re
import shlex
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
import typer.main
from typer.testing import CliRunner

import lineage_graph
from lineage_graph.cli.main import app
from lineage_graph.importing import import_from
from lineage_graph.settings import Settings
from lineage_graph.store import Store
from tests.conftest import DATA, empty
from tests.docs.tables import DOCS, ROOT

_BLOCK = re.compile(
    r"(?:<!-- not run: (?P<why>[^>]+) -->\n)?^```(?P<language>\w+)\n(?P<code>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
_ELSEWHERE = re.compile(r"python3 -m venv|py -m venv|\bnox\b|pre-commit|pip install|git clone")
"""Lines that a fresh machine runs: continuous integration does."""
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
COMMANDS = typer.main.get_group(app)


class Block(NamedTuple):
    """A block of a page: its language, its text, and why it is not run, where it is not."""

    language: str
    code: str
    why: str | None


def blocks(page: Path) -> list[Block]:
    """Return the blocks of a page."""
    found = _BLOCK.finditer(page.read_text(encoding="utf-8"))
    return [Block(one["language"], one["code"], one["why"]) for one in found]


WITH_CODE = [
    page for page in PAGES if any(one.language in ("python", "sh") for one in blocks(page))
]


@pytest.fixture
def sample(
    embedded_settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Path]:
    """A folder to work in, like a checkout, whose store holds the sample of TFX."""
    empty(embedded_settings)
    with Store.open(settings=embedded_settings) as store:
        import_from(DATA / "tfx_mlmd.sqlite", store)
    monkeypatch.setenv("LINEAGE_GRAPH_FOLDER", str(embedded_settings.folder))
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "tests").symlink_to(ROOT / "tests")
    yield tmp_path
    empty(embedded_settings)


@pytest.mark.parametrize("page", WITH_CODE, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_the_blocks_run(page: Path, sample: Path, capsys: pytest.CaptureFixture[str]) -> None:
    namespace: dict[str, object] = {"__name__": "__main__"}
    for block in blocks(page):
        if block.language == "python":
            code = compile(block.code, str(page), "exec")
            if block.why is None:
                exec(code, namespace)
        elif block.language == "sh":
            for words in commands(block.code):
                check(words)
                if block.why is None:
                    done = CliRunner().invoke(app, words)
                    assert done.exit_code == 0, (words, done.output)


def test_the_tutorial_of_the_package_runs(sample: Path) -> None:
    """The blocks of ``help(lineage_graph)``: what is indented behind a sentence that ends with two colons."""
    text = inspect.getdoc(lineage_graph) or ""
    found = re.findall(r"::\n\n((?:    .*\n|\n)+)", f"{text}\n")
    assert len(found) == text.count("::\n") == 4
    namespace: dict[str, object] = {}
    for block in found:
        exec(compile(textwrap.dedent(block), "help(lineage_graph)", "exec"), namespace)
    with Store.open() as store:
        assert len(lineage_graph.runs("penguin", store=store)) == 2
    check(["serve"])
    check(["ask"])


def commands(code: str) -> Iterator[list[str]]:
    """Yield the arguments of each ``lineage-graph`` of a block; nothing else may stand in one that is run."""
    for line in code.replace("\\\n", " ").splitlines():
        if _ELSEWHERE.search(line) or not line.strip():
            continue
        words = shlex.split(line, comments=True)
        while words and "=" in words[0] and not words[0].startswith("-"):
            words = words[1:]
        if words and words[0] == "lineage-graph":
            yield words[1:]


def check(words: list[str]) -> None:
    """Find the command, and every option that is written, in what the commands declare."""
    command, rest = COMMANDS, words
    while rest and getattr(command, "commands", None) is not None:
        if rest[0].startswith("-"):
            break
        found = command.get_command(command.make_context("x", [], resilient_parsing=True), rest[0])
        assert found is not None, words
        command, rest = found, rest[1:]
    known = {option for param in command.params for option in (*param.opts, *param.secondary_opts)}
    written = {word.partition("=")[0] for word in rest if re.match(r"--?[a-z]", word)}
    assert written <= known | {"--help"}, words


def test_what_a_block_may_hold() -> None:
    """A block that is run holds commands of ours alone, or its text says why it is not."""
    odd = []
    for page in PAGES:
        for block in blocks(page):
            if block.language != "sh" or block.why is not None:
                continue
            for line in block.code.replace("\\\n", " ").splitlines():
                ours = line.startswith(("lineage-graph ", "export LINEAGE_GRAPH"))
                if line.strip() and not ours and not _ELSEWHERE.search(line):
                    odd.append(f"{page.name}: {line}")
    assert not odd, sys.platform
    assert os.sep == "/" or odd == []


def test_commands_in_sentences_and_tables_exist() -> None:
    """Commands between backticks: names and options are those that there are."""
    for page in PAGES:
        for text in re.findall(r"`lineage-graph ([a-z][^`]*)`", page.read_text(encoding="utf-8")):
            if "QUESTION" not in text and "…" not in text:
                check(shlex.split(text))
