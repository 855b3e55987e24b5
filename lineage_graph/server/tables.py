"""Answers as tables: every id a link with the node's name, every time a date, every state a mark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from lineage_graph.catalog import ReturnColumn
from lineage_graph.model import (
    Association,
    Attribution,
    ColumnLineage,
    Context,
    Event,
    Kind,
    Link,
    Node,
    Ref,
    SameAs,
)
from lineage_graph.model.labels import called_of, head_of, short_type
from lineage_graph.model.plain import duration, ending, moment, plain
from lineage_graph.questions import kind_of_id
from lineage_graph.server.render import path_of
from lineage_graph.store import Answer, Store

_LONG = 300  # characters of a cell
_TITLE = 5000  # characters of what a cell says when pointed at


@dataclass(frozen=True)
class Cell:
    """One cell: its text, where it leads, and whether it is a state or a number."""

    text: str
    path: str = ""
    look: str = ""
    title: str = ""


@dataclass(frozen=True)
class Table:
    """Headings and cells, ready to be shown."""

    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Cell, ...], ...], ...]


def table_of(
    store: Store,
    answer: Answer,
    columns: Sequence[ReturnColumn] = (),
    headings: Mapping[str, str] = MappingProxyType({}),
    *,
    short: bool = False,
) -> Table:
    """Return an answer as a table; a cell is a few pieces, of which each may lead somewhere.

    ``headings`` says what some columns are called here; the others are called by their names. With
    ``short``, names are said without the number by which only machines tell them apart.
    """
    types = {column.name: column.type for column in columns} or _guess(answer)
    named = "name" in answer.columns  # then the first id of a row is that of what is named there
    own = next((name for name in answer.columns if _kind(name)), "") if named else ""
    names = _names(store, answer, own)
    rows = tuple(_row(row, answer.columns, types, names, own, short) for row in answer.rows)
    called = tuple(headings.get(name) or _heading(name) for name in answer.columns)
    return Table(called, rows)


def _row(
    row: Sequence[Any],
    columns: Sequence[str],
    types: Mapping[str, str],
    names: Mapping[Ref, Node],
    own: str,
    short: bool,
) -> tuple[tuple[Cell, ...], ...]:
    kind = _kind(own)
    cells: list[tuple[Cell, ...]] = []
    state = row[columns.index("state")] if "state" in columns else None
    for name, value in zip(columns, row, strict=True):
        if name == own and kind is not None and type(value) is int:
            cells.append((node_cell(Ref(kind, value), {}),))
        elif name == "name" and value and isinstance(value, str) and kind is not None:
            path = path_of(Ref(kind, row[columns.index(own)]))
            called = called_of(Context(name=value)) if short else ""
            cells.append((Cell((called or value)[:_LONG], path, "node", value if called else ""),))
        elif value is None and types.get(name) == "datetime" and name != "lost_since":
            text = ending(None, state) if name == "ended" else moment(None)
            cells.append((Cell(text or "–", look="nothing"),))
        else:
            cells.append(_cells(value, name, types.get(name, ""), names))
    return tuple(cells)


def _guess(answer: Answer) -> dict[str, str]:
    """Tell times and lengths by the names that our questions give them."""
    times = dict.fromkeys(
        ("started", "ended", "time", "created", "changed", "newest", "last_run", "lost_since"),
        "datetime",
    )
    return {
        name: {**times, "duration": "duration", "wait": "duration"}.get(name, "")
        for name in answer.columns
    }


def _heading(name: str) -> str:
    return name.replace("_", " ").strip() or name


def _names(store: Store, answer: Answer, own: str) -> Mapping[Ref, Node]:
    """Read the nodes whose ids stand in the answer, all of a kind at once; ``own`` are named there."""
    wanted: dict[Kind, set[int]] = {kind: set() for kind in Kind}
    for name, values in zip(answer.columns, zip(*answer.rows, strict=True), strict=False):
        for value in values if name != own else ():
            several = isinstance(value, (list, tuple))
            kind = _kind(name, several=several)
            if kind is not None:
                items = value if several else [value]
                wanted[kind] |= {i for i in items if type(i) is int}
    return {node.ref: node for kind, ids in wanted.items() if ids for node in store.get(kind, ids)}


def _kind(name: str, *, several: bool = False) -> Kind | None:
    return kind_of_id(name.removesuffix("s") if several else name)


def _cells(value: Any, name: str, type_name: str, names: Mapping[Ref, Node]) -> tuple[Cell, ...]:
    if isinstance(value, (list, tuple)) and (kind := _kind(name, several=True)) is not None:
        return tuple(node_cell(Ref(kind, item), names) for item in value if type(item) is int)
    if type(value) is int:
        if (kind := _kind(name)) is not None:
            return (node_cell(Ref(kind, value), names),)
        if type_name == "datetime":
            return (Cell(moment(value), look="time"),)
        if type_name == "duration":
            return (Cell(duration(value), look="number"),)
    if isinstance(value, str) and name in ("type", "step"):
        return (Cell(short_type(value), title=value if short_type(value) != value else ""),)
    if isinstance(value, str) and name == "error":
        return (Cell(error_words(value)[:_LONG], title=value[:_TITLE]),)
    return (cell_of(value, name),)


def error_words(text: str) -> str:
    """Return what an error says: of a traceback its last line, also inside TFX's execution result."""
    try:
        text = str(json.loads(text)["resultMessage"])
    except (ValueError, KeyError, TypeError):
        cut = text.rpartition('"resultMessage":')[2] if "resultMessage" in text else text
        text = cut.replace("\\n", "\n")
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1] if lines else text


def node_cell(ref: Ref, names: Mapping[Ref, Node]) -> Cell:
    """Return a node as one piece of a cell, named where it is known."""
    node = names.get(ref)
    if node is None:
        return Cell(f"#{ref.id}", path_of(ref), "node", str(ref))
    head = head_of(node, node.title if isinstance(node, Context) and node.is_run else "")
    return Cell(f"#{ref.id} {head}", path_of(ref), "node", node.title)


def cell_of(value: Any, name: str = "") -> Cell:
    """Return any value of an answer as one piece of a cell."""
    if value is None:
        return Cell("–", look="nothing")
    if isinstance(value, bool):
        return Cell("yes" if value else "no")
    if isinstance(value, (int, float)):
        return Cell(f"{value:,}" if isinstance(value, int) else f"{value:.6g}", look="number")
    if isinstance(value, Node):
        return Cell(f"{value.ref} {value.title}", path_of(value), "node")
    if isinstance(value, Link):
        return Cell(_link_text(value), look="link")
    if isinstance(value, str):
        look = "state" if name == "state" and value else ""
        return Cell(
            value if len(value) <= _LONG else f"{value[:_LONG]}…",
            look=look,
            title=value[:_TITLE] if len(value) > _LONG else "",
        )
    text = json.dumps(plain(value), ensure_ascii=False)
    return Cell(text if len(text) <= _LONG else f"{text[:_LONG]}…", look="code")


def _link_text(link: Link) -> str:
    if isinstance(link, Event):
        ends = (f"artifact/{link.artifact_id}", f"execution/{link.execution_id}")
        source, target = ends if link.type.is_input else ends[::-1]
        return f"{source} {link.type.value} {target}"
    if isinstance(link, Attribution):
        return f"artifact/{link.artifact_id} ATTRIBUTED_TO context/{link.context_id}"
    if isinstance(link, Association):
        return f"execution/{link.execution_id} ASSOCIATED_WITH context/{link.context_id}"
    if isinstance(link, SameAs):
        return f"artifact/{link.artifact_id} SAME_AS artifact/{link.other_id} by {link.by}"
    if isinstance(link, ColumnLineage):
        source = f"artifact/{link.source_id} {link.source_column}"
        return f"{source} COLUMN artifact/{link.target_id} {link.target_column}"
    return f"context/{link.child_id} CHILD_OF context/{link.parent_id}"
