"""The tables of README.md that are made from the code: ``python -m tests.cli.readme`` writes them."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

from pydantic import AliasChoices

from lineage_graph.catalog import load_catalog
from lineage_graph.cli.exits import EXIT_CODES, FAULT, INTERRUPTED, TERMINATED
from lineage_graph.questions import load_questions
from lineage_graph.settings import Settings

README = Path(__file__).parents[2] / "README.md"


def exit_codes() -> str:
    """Every exit code with the errors that end in it."""
    names = defaultdict(list)
    for error, code in EXIT_CODES.items():
        names[code].append(error.__name__)
    names[2].append("a wrong command line")
    rows = [f"| {code} | {', '.join(names[code])} |" for code in sorted(names)]
    more = [f"| {FAULT} | a fault of ours |", f"| {INTERRUPTED} | Ctrl-C |"]
    more.append(f"| {TERMINATED} | SIGTERM |")
    return "\n".join(["| code | error |", "|---|---|", *rows, *more])


def questions() -> str:
    """Every question by name, with what it asks and takes."""
    rows = []
    for question in load_questions(load_catalog()).values():
        takes = ", ".join(
            f"`{param.name}`" if param.required else f"[`{param.name}`]"
            for param in question.params
        )
        rows.append(f"| `{question.name.replace('_', '-')}` | {question.title} | {takes} |")
    return "\n".join(["| question | asks | takes |", "|---|---|---|", *rows])


def settings() -> str:
    """Every setting: its environment variable, default and meaning."""
    rows = []
    for name, field in Settings.model_fields.items():
        others = ""
        if isinstance(field.validation_alias, AliasChoices):
            others = f" (`{field.validation_alias.choices[-1]}`)"
        if name == "folder":
            default = "the user's data folder"
        else:
            default = "" if field.default in (None, ()) else f"`{field.default}`"
        rows.append(f"| `LINEAGE_GRAPH_{name.upper()}`{others} | {default} | {field.description} |")
    return "\n".join(["| variable | default | meaning |", "|---|---|---|", *rows])


SECTIONS = {"exit codes": exit_codes, "questions": questions, "settings": settings}


def filled(text: str) -> str:
    """README.md with every made table as the code has it now."""
    for name, make in SECTIONS.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        assert pattern.search(text), f"README.md has no place for the table of {name}"
        made = make()
        text = pattern.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", text)
    return text


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8")), encoding="utf-8")
