"""How answers reach people and programs: tables on a terminal, tabs in a pipe, JSON when asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import Enum
from typing import Any, Protocol

from pydantic import BaseModel
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from lineage_graph.model import Node, Ref
from lineage_graph.model.plain import plain


class Advance(Protocol):
    """Tells a progress bar how much further the work is."""

    def __call__(self, amount: int, /) -> None:
        """Advance the bar."""


class CommandOutput:
    """Answers go to standard output; notes and progress go to standard error."""

    def __init__(self, *, as_json: bool = False) -> None:
        self.as_json = as_json
        self._answers = Console(file=sys.stdout, highlight=False, markup=False)
        self._notes = Console(file=sys.stderr, highlight=False, markup=False)

    def json(self, value: Any) -> None:
        """Write one JSON document on one line."""
        sys.stdout.write(json.dumps(plain(value), ensure_ascii=False) + "\n")
        sys.stdout.flush()

    def line(self, text: str = "") -> None:
        """Write one line of the answer."""
        sys.stdout.write(safe(text) + "\n")
        sys.stdout.flush()

    def note(self, text: str) -> None:
        """Tell the person something that is not part of the answer."""
        sys.stderr.write(safe(text) + "\n")
        sys.stderr.flush()

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Write rows: a table on a terminal, else one line a row with tabs between the cells."""
        if not self._answers.is_terminal:
            for row in (columns, *rows):
                sys.stdout.write("\t".join(cell(value) for value in row) + "\n")
            return
        table = Table(box=None, pad_edge=False, header_style="bold")
        for column in columns:
            table.add_column(Text(safe(column)), overflow="fold")
        for row in rows:
            table.add_row(*(Text(cell(value)) for value in row))
        self._answers.print(table)

    def facts(self, facts: Mapping[str, Any]) -> None:
        """Write names and values, one pair a line."""
        width = max((len(name) for name in facts), default=0)
        for name, value in facts.items():
            self.line(f"{name:<{width}}  {cell(value)}")

    @contextmanager
    def progress(self, what: str, total: int | None) -> Iterator[Advance]:
        """Show a bar on standard error while the work goes on; nothing where nobody watches."""
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        watched = self._notes.is_terminal
        with Progress(*columns, console=self._notes, disable=not watched, transient=True) as bar:
            task = bar.add_task(what, total=total)

            def advance(amount: int, /) -> None:
                bar.advance(task, amount)

            yield advance


def safe(text: str) -> str:
    """Text with control characters made visible, so that no name can steer the terminal."""
    if text.isprintable():
        return text
    return "".join(
        c if c.isprintable() or c == "\n" else c.encode("unicode_escape").decode() for c in text
    )


def cell(value: Any) -> str:
    """A value as one line of text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, Node):
        text = f"{value.ref} {value.title}"
    elif isinstance(value, Enum):
        text = str(value.value)
    elif isinstance(value, (BaseModel, dict, list, tuple)):
        text = json.dumps(plain(value), ensure_ascii=False)
    else:
        text = str(value)
    return safe(text.replace("\\", "\\\\").replace("\n", "\\n") if "\n" in text else text)
