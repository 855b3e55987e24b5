"""Table: rows that were read from a store, for people, notebooks and data frames."""

from __future__ import annotations

import html
import importlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar, overload

from lineage_graph.errors import FailedPrecondition
from lineage_graph.model.plain import duration, plain

Row = TypeVar("Row")
MAX_SHOWN_ROWS = 10
"""Rows that the plain text shows."""
MAX_HTML_ROWS = 50
"""Rows that a notebook shows."""
MAX_WIDTH = 100
"""Characters of a line of the plain text."""
MAX_CELL = 28
"""Characters of a cell."""


class Table(Generic[Row]):
    """Rows that were read from a store: counted, indexed and gone through like a tuple.

    ``total`` is how many there are in the store, ``columns`` the names of the columns: first what every
    row has, then what differs between rows, last what is the same in all. ``note`` says what is missing.
    """

    def __init__(
        self,
        what: str,
        rows: Sequence[Row],
        total: int,
        cells: Callable[[Row], Mapping[str, Any]],
        first: Sequence[str],
        note: str = "",
    ) -> None:
        self.total = total
        self.note = note
        self._what = what
        self._rows = tuple(rows)
        self._cells = cells
        self._first = tuple(first)
        self._dicts = [dict(cells(row)) for row in self._rows]
        self.columns = _columns(self._dicts, self._first)

    def __len__(self) -> int:
        return len(self._rows)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Table[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Table[Row]:
        if isinstance(index, slice):
            some = self._rows[index]
            return Table(self._what, some, self.total, self._cells, self._first, self.note)
        return self._rows[index]

    def to_dicts(self) -> list[dict[str, Any]]:
        """Return each row as a dict with every column; None where the row has no value."""
        return [{name: row.get(name) for name in self.columns} for row in self._dicts]

    def to_pandas(self) -> Any:
        """Return the table as a ``pandas.DataFrame``.

        Raises:
            FailedPrecondition: pandas is not installed.
        """
        return _library("pandas").DataFrame(self.to_dicts(), columns=list(self.columns))

    def to_polars(self) -> Any:
        """Return the table as a ``polars.DataFrame``; a column of several kinds of values becomes text.

        Raises:
            FailedPrecondition: polars is not installed.
        """
        polars = _library("polars")
        columns = {
            name: _of_one_kind([row.get(name) for row in self._dicts]) for name in self.columns
        }
        return polars.DataFrame(columns, strict=False)

    @property
    def summary(self) -> str:
        """How many rows of how many there are: ``12 of 340 runs``."""
        count = len(self)
        what = self._what if self.total != 1 else self._what.removesuffix("s")
        told = f"{count:,} {what}" if count == self.total else f"{count:,} of {self.total:,} {what}"
        return f"{told}. {self.note}" if self.note else told

    def __repr__(self) -> str:
        shown = self._texts(MAX_SHOWN_ROWS)
        if not shown:
            return self.summary
        names: list[str] = []
        lines, left = [""] * (len(shown) + 1), list(self.columns)
        while left:
            name = left[0]
            column = [_cut(name), *(row[name] for row in shown)]
            width = max(map(len, column))
            if names and len(lines[0]) + 2 + width > MAX_WIDTH:
                break
            gap = "  " if names else ""
            lines = [
                line + gap + text.ljust(width) for line, text in zip(lines, column, strict=True)
            ]
            names.append(left.pop(0))
        ends = [self.summary]
        if len(shown) < len(self):
            ends.append(f"shown: the first {len(shown)}")
        if left:
            ends.append(f"columns not shown: {len(left):,}")
        return "\n".join([*(line.rstrip() for line in lines), f"[{'; '.join(ends)}]"])

    def _repr_html_(self) -> str:
        shown = self._texts(MAX_HTML_ROWS)
        head = "".join(f"<th>{html.escape(name)}</th>" for name in self.columns)
        body = "".join(
            "<tr>"
            + "".join(f"<td>{html.escape(row[name])}</td>" for name in self.columns)
            + "</tr>"
            for row in shown
        )
        more = f"; shown: the first {len(shown)}" if len(shown) < len(self) else ""
        table = f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
        return f"{table if shown else ''}<p>{html.escape(self.summary)}{more}</p>"

    def _texts(self, most: int) -> list[dict[str, str]]:
        return [{name: _text(row.get(name)) for name in self.columns} for row in self._dicts[:most]]


def _columns(rows: Sequence[Mapping[str, Any]], first: Sequence[str]) -> tuple[str, ...]:
    """Return the names of the columns: the first ones, then what differs, last what is the same in all."""
    seen: dict[str, set[str]] = {}
    counts: dict[str, int] = {}
    for row in rows:
        for name, value in row.items():
            if value is not None:
                seen.setdefault(name, set()).add(repr(value))
                counts[name] = counts.get(name, 0) + 1
    names = [name for name in seen if name not in first]
    same = [name for name in names if len(seen[name]) == 1 and counts[name] == len(rows) > 1]
    return (*first, *(name for name in names if name not in same), *same)


def _of_one_kind(values: list[Any]) -> list[Any]:
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) < 2 and not kinds & {dict, list, tuple}:
        return values
    if kinds == {int, float}:
        return [None if value is None else float(value) for value in values]
    return [value if value is None or isinstance(value, str) else _said(value) for value in values]


def _said(value: Any) -> str:
    return json.dumps(plain(value), ensure_ascii=False, default=str)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, float):
        text = f"{value:.6g}"
    elif isinstance(value, datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S")
    elif isinstance(value, timedelta):
        text = duration(value / timedelta(milliseconds=1))
    elif isinstance(value, str):
        text = value
    else:
        text = _said(value)
    return _cut(text)


def _cut(text: str) -> str:
    flat = " ".join(text.split()) if not text.isprintable() else text
    flat = "".join(sign if sign.isprintable() else "�" for sign in flat)
    return flat if len(flat) <= MAX_CELL else f"{flat[: MAX_CELL - 1]}…"


def _library(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise FailedPrecondition(
            f"{name} is not installed.", hint=f"pip install {name}, or take to_dicts()."
        ) from None
