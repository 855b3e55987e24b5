"""What the command ``cypher`` and its shell have in common: values of parameters, and how rows are shown."""

from __future__ import annotations

import json
from typing import Any

from lineage_graph.cli.output import CommandOutput
from lineage_graph.store import CypherResult


def value_of(text: str) -> Any:
    """Return the value that a text stands for: JSON, else the text itself; "17" in quotes is a text."""
    try:
        return json.loads(text, parse_constant=_no_constant)
    except ValueError:
        return text


def _no_constant(name: str) -> Any:
    raise ValueError(name)  # NaN and Infinity are texts


def tell(out: CommandOutput, result: CypherResult) -> None:
    """Say what one must know to read a result: names that nothing has, and that it is cut."""
    for warning in result.warnings:
        out.note(f"Warning: {warning}")
    if result.truncated:
        out.note(f"The first {len(result):,} rows are shown; there are more (--limit).")


def show_rows(out: CommandOutput, result: CypherResult) -> None:
    """Write a result as a table."""
    out.table(result.columns, result.rows)
    if not result.rows:
        out.note("Nothing found.")
