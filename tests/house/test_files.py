"""Files are small and whole, and name no machine, no folder of one and no package registry."""

from __future__ import annotations

import re

from tests.house.files import ROOT, tracked

MOST_LINES = 400
MOST_BYTES_OF_SCRIPTS_AND_STYLES = 150_000
NAMED = re.compile(
    # In pieces, or this file would name them itself.
    "|".join(("/ho" + "me/", "/ro" + "ot/", "/wo" + "rk/", "/t" + "mp/"))
    + "|py"
    + r"pi\.org|python"
    + r"hosted\.org|maven\."
    + r"org|maven\."
    + r"apache\.org/maven2|npm"
    + r"js\.(com|org)"
)
UNMERGED = re.compile(r"^(<{7}|>{7}) ", re.MULTILINE)  # what a merge leaves where two changes met


def test_no_file_is_long() -> None:
    long = {
        name: lines
        for path in tracked(".py", ".js", ".cypher", ".css", ".html", ".java")
        if (name := path.relative_to(ROOT).as_posix())
        and (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert not long


def test_no_machine_and_no_registry_is_named_and_nothing_is_half_merged() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        for pattern in (NAMED, UNMERGED):
            found += [f"{name}: {match.group()}" for match in pattern.finditer(text)]
    assert not found


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in tracked(".py")
        if (text := path.read_text(encoding="utf-8")).strip() and not text.startswith('"""')
    ]
    assert not silent


def test_no_merge_was_left_half_done() -> None:
    """A browser passes over such a mark in a style sheet, and over what follows it."""
    found = []
    for path in tracked(".py", ".js", ".css", ".html", ".cypher", ".md", ".toml", ".lark"):
        lines = path.read_text(encoding="utf-8").splitlines()
        marks = ("<" * 7 + " ", ">" * 7 + " ")
        found += [f"{path.name}:{n}" for n, line in enumerate(lines, 1) if line.startswith(marks)]
    assert not found


def test_all_scripts_and_styles_are_small() -> None:
    sizes = [path.stat().st_size for path in tracked(".js", ".css") if "static" in path.parts]
    assert 0 < sum(sizes) < MOST_BYTES_OF_SCRIPTS_AND_STYLES
