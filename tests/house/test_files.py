"""Files are small, and name no machine, no folder of one and no package registry."""

from __future__ import annotations

import re

from tests.house.files import ROOT, tracked

MOST_LINES = 400
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


def test_no_file_is_long() -> None:
    long = {
        name: lines
        for path in tracked(".py", ".js", ".cypher", ".css", ".html", ".java")
        if (name := path.relative_to(ROOT).as_posix())
        and (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert not long


def test_no_machine_and_no_registry_is_named() -> None:
    found = []
    for path in tracked():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        name = path.relative_to(ROOT).as_posix()
        found += [f"{name}: {match.group()}" for match in NAMED.finditer(text)]
    assert not found


def test_every_module_says_what_it_is_for() -> None:
    silent = [
        path.relative_to(ROOT).as_posix()
        for path in tracked(".py")
        if (text := path.read_text(encoding="utf-8")).strip() and not text.startswith('"""')
    ]
    assert not silent
