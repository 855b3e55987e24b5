"""Answers as tables: every id a link with the node's name, every time a date, every state a mark."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lineage_graph.catalog import Column
from lineage_graph.model import Association, Attribution, Event, Kind, Node, ParentContext, Ref
from lineage_graph.model.plain import duration, moment, plain
from lineage_graph.questions import kind_of_id
from lineage_graph.server.render import path_of
from lineage_graph.store import Answer, Store

_LONG = 300  # characters of a cell


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
    truncated: bool = False


def table_of(store: Store, answer: Answer, columns: Sequence[Column] = ()) -> Table:
    """Return an answer as a table; a cell is a few pieces, of which each may lead somewhere."""
    types = {column.name: column.type for column in columns} or _guess(answer)
    names = _names(store, answer)
    rows = tuple(
        tuple(
            _cells(value, name, types.get(name, ""), names)
            for name, value in zip(answer.columns, row, strict=True)
        )
        for row in answer.rows
    )
    return Table(tuple(_heading(name) for name in answer.columns), rows, answer.truncated)


def _guess(answer: Answer) -> dict[str, str]:
    """Tell times and lengths by the names that our questions give them."""
    times = dict.fromkeys(
        ("started", "ended", "time", "created", "changed", "newest", "last_run"), "datetime"
    )
    return {
        name: {**times, "duration": "duration", "wait": "duration"}.get(name, "")
        for name in answer.columns
    }


def _heading(name: str) -> str:
    return name.replace("_", " ").strip() or name


def _names(store: Store, answer: Answer) -> Mapping[Ref, Node]:
    """Read the nodes whose ids stand in the answer, all of a kind at once."""
    wanted: dict[Kind, set[int]] = {kind: set() for kind in Kind}
    for name, values in zip(answer.columns, zip(*answer.rows, strict=True), strict=False):
        kind = _kind(name)
        if kind is None:
            continue
        for value in values:
            items = value if isinstance(value, (list, tuple)) else [value]
            wanted[kind] |= {i for i in items if isinstance(i, int) and not isinstance(i, bool)}
    return {node.ref: node for kind, ids in wanted.items() if ids for node in store.get(kind, ids)}


def _kind(name: str) -> Kind | None:
    return kind_of_id(name) or kind_of_id(name.removesuffix("s"))


def _cells(value: Any, name: str, type_name: str, names: Mapping[Ref, Node]) -> tuple[Cell, ...]:
    kind = _kind(name)
    if kind is not None and isinstance(value, (list, tuple)):
        return tuple(_node_cell(Ref(kind, item), names) for item in value if isinstance(item, int))
    if isinstance(value, int) and not isinstance(value, bool):
        if kind is not None:
            return (_node_cell(Ref(kind, value), names),)
        if type_name == "datetime":
            return (Cell(moment(value), look="time"),)
        if type_name == "duration":
            return (Cell(duration(value), look="number"),)
    return (cell_of(value, name),)


def _node_cell(ref: Ref, names: Mapping[Ref, Node]) -> Cell:
    node = names.get(ref)
    name = "" if node is None or node.name is None else f" {node.name}"
    return Cell(f"#{ref.id}{name}", path_of(ref), "node", str(ref))


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
    if isinstance(value, (Event, Attribution, Association, ParentContext)):
        return Cell(_link_text(value), look="link")
    if isinstance(value, str):
        look = "state" if name == "state" and value else ""
        return Cell(
            value if len(value) <= _LONG else f"{value[:_LONG]}…",
            look=look,
            title=value[:5000] if len(value) > _LONG else "",
        )
    text = json.dumps(plain(value), ensure_ascii=False)
    return Cell(text if len(text) <= _LONG else f"{text[:_LONG]}…", look="code")


def _link_text(link: Event | Attribution | Association | ParentContext) -> str:
    if isinstance(link, Event):
        ends = (f"artifact/{link.artifact_id}", f"execution/{link.execution_id}")
        source, target = ends if link.type.is_input else ends[::-1]
        return f"{source} {link.type.value} {target}"
    if isinstance(link, Attribution):
        return f"artifact/{link.artifact_id} ATTRIBUTED_TO context/{link.context_id}"
    if isinstance(link, Association):
        return f"execution/{link.execution_id} ASSOCIATED_WITH context/{link.context_id}"
    return f"context/{link.child_id} CHILD_OF context/{link.parent_id}"
