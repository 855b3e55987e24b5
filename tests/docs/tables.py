"""The tables of the documentation that are made from the code: ``python -m tests.docs.tables`` writes them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import typer.main
from pydantic import AliasChoices

from lineage_graph import errors
from lineage_graph.catalog import load_catalog
from lineage_graph.catalog.graph_schema import LABELS, RELATIONSHIPS
from lineage_graph.cli.exits import EXIT_CODES, FAULT, INTERRUPTED, TERMINATED
from lineage_graph.cli.main import app
from lineage_graph.pictures.scope import PARAMETERS
from lineage_graph.questions import load_questions
from lineage_graph.server.app import create_app
from lineage_graph.settings import Settings

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
_GLOBAL = {"--uri", "--folder", "--json", "--debug"}


def _table(head: str, rows: list[str]) -> str:
    columns = head.count("|") - 1
    return "\n".join([head, "|" + "---|" * columns, *rows])


def error_tree() -> str:
    """Every error, indented below the one it derives from, with what it means."""

    def lines(error: type[BaseException], depth: int) -> Iterator[str]:
        title = (error.__doc__ or "").strip().partition("\n")[0]
        yield f"{'    ' * depth}- `{error.__name__}`: {title}"
        for one in sorted(error.__subclasses__(), key=lambda each: each.__name__):
            if one.__module__ == errors.__name__:
                yield from lines(one, depth + 1)

    return "\n".join(lines(errors.LineageError, 0))


def exit_codes() -> str:
    """Every exit code with the errors that end in it."""
    names = defaultdict(list)
    for error, code in EXIT_CODES.items():
        names[code].append(error.__name__)
    names[2].append("a wrong command line")
    rows = [f"| {code} | {', '.join(names[code])} |" for code in sorted(names)]
    more = [f"| {FAULT} | a fault of ours |", f"| {INTERRUPTED} | Ctrl-C |"]
    more.append(f"| {TERMINATED} | SIGTERM |")
    return _table("| code | error |", [*rows, *more])


def questions() -> str:
    """Every question by name, with what it asks and takes."""
    rows = []
    for question in load_questions(load_catalog()).values():
        takes = ", ".join(
            f"`{param.name}`" if param.required else f"[`{param.name}`]"
            for param in question.params
        )
        rows.append(f"| `{question.name.replace('_', '-')}` | {question.title} | {takes} |")
    return _table("| question | asks | takes |", rows)


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
    return _table("| variable | default | meaning |", rows)


def scope() -> str:
    """Every parameter of a picture's address."""
    rows = []
    for one in PARAMETERS:
        schema = one["schema"]
        words = ", ".join(f"`{word}`" for word in schema.get("enum", ()))
        default = schema.get("default")
        rows.append(
            f"| `{one['name']}` | {one['description']} | {words} | "
            f"{'' if default is None else f'`{default}`'} |"
        )
    return _table("| parameter | says | values | default |", rows)


def commands() -> str:
    """Every command with its help, arguments and options."""
    parts = []
    for name, command in typer.main.get_group(app).commands.items():
        if name == "ask":
            parts.append("## `lineage-graph ask QUESTION`\n\nSee [questions](questions.md).")
            continue
        for words, one in _leaves(name, command):
            parts.append(_command(words, one))
    return "\n\n".join(parts)


def _leaves(name: str, command: Any) -> Iterator[tuple[str, Any]]:
    inner = getattr(command, "commands", None)
    if not inner:
        yield name, command
        return
    for word, one in inner.items():
        yield from _leaves(f"{name} {word}", one)


def _command(words: str, command: Any) -> str:
    rows = []
    arguments = []
    for param in command.params:
        if _GLOBAL & set(param.opts):
            continue
        name = ", ".join(f"`{option}`" for option in (*param.opts, *param.secondary_opts))
        if param.param_type_name == "argument":
            shown = param.metavar or param.name.upper()
            arguments.append(shown if param.required else f"[{shown}]")
            name = f"`{shown}`"
        rows.append(f"| {name} | {_line(getattr(param, 'help', None))} |")
    head = " ".join(["lineage-graph", words, *arguments])
    text = f"## `{head}`\n\n{_paragraphs(command.help)}"
    return f"{text}\n\n" + _table("| | |", rows) if rows else text


def _line(text: str | None) -> str:
    return " ".join((text or "").split()).replace("|", "\\|")


def _paragraphs(text: str | None) -> str:
    return "\n\n".join(_line(part) for part in (text or "").replace("\\[", "[").split("\n\n"))


def http() -> str:
    """Every path of the server's OpenAPI description, but each question's own."""
    rows = []
    # Only what the app declares is looked at: nothing is asked of a store.
    store: Any = SimpleNamespace(
        settings=Settings(), catalog=load_catalog(), engine=SimpleNamespace(version=str)
    )
    for path, methods in sorted(create_app(store).openapi()["paths"].items()):
        if path.startswith("/ask/") or not path.endswith(
            (".json", ".csv", "lineage", "batch", "health")
        ):
            continue
        for method, described in methods.items():
            said = described.get("description") or described.get("summary") or ""
            first = said.partition("\n\n")[0]
            rows.append(f"| `{method.upper()} {path}` | {_line(first)} |")
    return _table("| request | answers |", rows)


def labels() -> str:
    """Every label that people ask for, with its properties."""
    rows = []
    for one in LABELS:
        rows.append(f"| `{one.name}` | | {one.meaning} |")
        rows += [f"| | `{name}` {kind} | {said} |" for name, (kind, said) in one.properties.items()]
    return _table("| label | property | meaning |", rows)


def relationships() -> str:
    """Every type of relationship, with its ends and properties."""
    rows = []
    for one in RELATIONSHIPS:
        pattern = f"`(:{one.start})-[:{one.name}]->(:{one.end})`"
        rows.append(f"| {pattern} | | {one.meaning} |")
        rows += [f"| | `{name}` {kind} | {said} |" for name, (kind, said) in one.properties.items()]
    return _table("| pattern | property | meaning |", rows)


SECTIONS: dict[str, tuple[str, Callable[[], str]]] = {
    "errors": ("reference/errors.md", error_tree),
    "exit codes": ("reference/errors.md", exit_codes),
    "questions": ("reference/questions.md", questions),
    "settings": ("reference/settings.md", settings),
    "scope": ("reference/addresses.md", scope),
    "commands": ("reference/commands.md", commands),
    "labels": ("reference/graph.md", labels),
    "relationships": ("reference/graph.md", relationships),
    "http": ("reference/http.md", http),
}


def filled(page: str, text: str) -> str:
    """Return a page's text with each of its tables as the code has it now."""
    for name, (home, make) in SECTIONS.items():
        if home != page:
            continue
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end -->)", re.DOTALL)
        assert pattern.search(text), f"{page} has no place for the table of {name}"
        made = make()
        text = pattern.sub(lambda found, made=made: f"{found[1]}{made}\n{found[2]}", text)
    return text


def pages() -> list[str]:
    """Return the pages that have such tables."""
    return sorted({home for home, _ in SECTIONS.values()})


if __name__ == "__main__":
    for name in pages():
        path = DOCS / name
        path.write_text(filled(name, path.read_text(encoding="utf-8")), encoding="utf-8")
