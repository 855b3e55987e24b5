"""The result of a statement: rows and columns, and what else Python makes of them."""

from __future__ import annotations

import html
import importlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lineage_graph.errors import FailedPrecondition
from lineage_graph.model import Node
from lineage_graph.model.plain import plain
from lineage_graph.store.values import Answer

_MAX_SHOWN_ROWS = 20  # in a notebook
_INTEGERS = range(-(2**63), 2**63)


@dataclass(frozen=True)
class CypherResult(Answer):
    """What a statement answered; it is iterated row by row.

    Cells are JSON values, nodes or links. ``graph`` holds the nodes of the answer and the links among
    them; None where it has no nodes. ``truncated`` says that rows were left out, ``warnings`` which
    names of the statement nothing in the store has.
    """

    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __bool__(self) -> bool:
        return True  # also without rows

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return each row as a dictionary of plain values; nodes and links are dictionaries too."""
        return [
            dict(zip(self.columns, (plain(value) for value in row), strict=True))
            for row in self.rows
        ]

    def to_columns(self) -> dict[str, list[Any]]:
        """Return each column as a list of values of one kind, as tables need them.

        Whole and other numbers together are floats. Where kinds are mixed, and for nodes, links and
        maps, the values are texts of JSON.
        """
        return {
            name: _of_one_kind([_cell(row[place]) for row in self.rows])
            for place, name in enumerate(self.columns)
        }

    def to_pandas(self) -> Any:
        """Return the rows as a ``pandas.DataFrame``.

        Raises:
            FailedPrecondition: pandas is not installed.
        """
        return library("pandas").DataFrame(self.to_columns(), columns=list(self.columns))

    def to_polars(self) -> Any:
        """Return the rows as a ``polars.DataFrame``.

        Raises:
            FailedPrecondition: polars is not installed.
        """
        return library("polars").DataFrame(self.to_columns())

    def to_arrow(self) -> Any:
        """Return the rows as a ``pyarrow.Table``.

        Raises:
            FailedPrecondition: pyarrow is not installed.
        """
        return library("pyarrow").table(self.to_columns())

    def _repr_html_(self) -> str:
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        rows = "".join(
            f"<tr>{''.join(f'<td>{html.escape(_short(value))}</td>' for value in row)}</tr>"
            for row in self.rows[:_MAX_SHOWN_ROWS]
        )
        count = f"{len(self.rows):,} row{'' if len(self.rows) == 1 else 's'}"
        more = ", not all" if self.truncated else ""
        notes = "".join(f"<p>{html.escape(one)}</p>" for one in self.warnings)
        return f"{notes}<table><tr>{head}</tr>{rows}</table><p>{count}{more}</p>"


def text_of(value: Any) -> str:
    """Return a cell as text: a text as it is, nothing for null, else JSON."""
    if value is None:
        return ""
    found = plain(value)
    return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)


def _short(value: Any) -> str:
    return f"{value.ref} {value.title}" if isinstance(value, Node) else text_of(value)


def library(name: str) -> Any:
    """Import a library that few need.

    Raises:
        FailedPrecondition: it is not installed.
    """
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] != name.partition(".")[0]:
            raise
        raise FailedPrecondition(
            f"This needs {name.partition('.')[0]}, which is not installed.",
            hint=f"pip install {name.partition('.')[0]}",
        ) from None


def _cell(value: Any) -> Any:
    return value if isinstance(value, float) else plain(value)  # a table holds NaN as it is


def _of_one_kind(values: Sequence[Any]) -> list[Any]:
    kinds = {_kind(value) for value in values if value is not None}
    if any(kind.startswith("list of") for kind in kinds):
        kinds.discard("list")
    if kinds == {"int", "float"}:
        return [None if value is None else float(value) for value in values]
    if len(kinds) < 2 and "" not in kinds:
        return list(values)
    return [
        value if value is None or isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        for value in values
    ]


def _kind(value: Any) -> str:
    """Return the kind of a value that a table's column can hold; "" for what it cannot."""
    if isinstance(value, list):
        inner = {_kind(item) for item in value if item is not None}
        if not inner:
            return "list"
        return f"list of {inner.pop()}" if len(inner) == 1 and "" not in inner else ""
    if isinstance(value, (bool, float, str)):
        return type(value).__name__
    return "int" if isinstance(value, int) and value in _INTEGERS else ""
