"""Profiles: of each column how many values are missing, the least, the greatest, and how many differ."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from lineage_graph.model.secrets import is_secret, masked_text
from lineage_graph.model.values import INT64_HIGH, INT64_LOW
from lineage_graph.recorder.data.columns import Column, numpy

MAX_COLUMNS = 200
"""Columns of a table that its schema and profile describe; all are counted."""
MAX_ROWS = 100_000
"""Rows, evenly spaced, in which different values (and the least and greatest text) are looked for."""
MAX_VALUES = 2_000_000
"""Values of all columns together that are looked at so."""
MAX_CHARACTERS = 80
"""Characters of a text, and of a column's name, that are kept."""


def schema(columns: Sequence[Column]) -> dict[str, Any]:
    """Return the names and kinds of the columns, of the first ``MAX_COLUMNS``."""
    named = [{"name": short(column.name), "kind": column.kind} for column in columns[:MAX_COLUMNS]]
    return {"columns": named, "total": len(columns)}


def profile(columns: Sequence[Column], rows: int) -> dict[str, Any]:
    """Return what is in each of the first ``MAX_COLUMNS`` columns.

    ``sampled_rows`` says of how many rows, where it was not all. Missing values are always counted
    in all rows, and the least and greatest number are those of all rows.
    """
    described = columns[:MAX_COLUMNS]
    most = max(1, min(MAX_ROWS, MAX_VALUES // max(1, len(described))))
    sample = None
    found: dict[str, Any] = {}
    if rows > most:
        sample = numpy().linspace(0, rows - 1, most).astype("i8")
        found["sampled_rows"] = most
    found["columns"] = [_described(column, sample) for column in described]
    return found


def _described(column: Column, sample: Any) -> dict[str, Any]:
    """Return a column's numbers; the values of one whose name says that it holds secrets are not told."""
    if column.unreadable:
        return {"name": short(column.name)}
    found: dict[str, Any] = {"name": short(column.name), "missing": column.missing_count}
    if column.rows == column.missing_count:
        return found | {"distinct": 0}
    if column.parts:
        ends, distinct = _numbers(column, sample)
    else:
        ends, distinct = _blobs(column, sample)
    if ends is not None and not is_secret(column.name):
        found |= {"min": _plain(ends[0]), "max": _plain(ends[1])}
    return found | {"distinct": distinct}


def _numbers(column: Column, sample: Any) -> tuple[tuple[Any, Any] | None, int]:
    np = numpy()
    there = slice(None) if column.missing is None else ~column.missing
    first = column.parts[0][there]
    ends: tuple[Any, Any] | None = None
    if column.kind.startswith(("datetime", "duration")):
        second = column.parts[1][there]
        ends = tuple(  # type: ignore[assignment]
            _moment(column.kind, end, pick(second[first == end]))
            for end, pick in ((first.min(), np.min), (first.max(), np.max))
        )
    elif column.kind in ("date", "time"):
        ends = _day_or_time(column.kind, first.min()), _day_or_time(column.kind, first.max())
    elif first.dtype.kind in "biuf" and column.kind == first.dtype.name:
        ends = first.min().item(), first.max().item()
    if sample is not None:
        first = column.parts[0][sample]
        there = slice(None) if column.missing is None else ~column.missing[sample]
        first = first[there]
    if len(column.parts) == 1:
        return ends, len(np.unique(first)) if first.dtype.kind != "V" else len(set(first.tolist()))
    rest = column.parts[1] if sample is None else column.parts[1][sample]
    return ends, len(set(zip(first.tolist(), rest[there].tolist(), strict=True)))


def _moment(kind: str, seconds: Any, nanoseconds: Any) -> str:
    if kind == "duration":
        return f"{int(seconds) + int(nanoseconds) / 1e9:g} s"
    whole = numpy().datetime64(int(seconds), "s")
    part = f".{int(nanoseconds):09d}".rstrip("0").rstrip(".")
    return f"{whole}{part}{'Z' if '[' in kind else ''}"


def _day_or_time(kind: str, number: Any) -> str:
    np = numpy()
    if kind == "date":
        return str(np.datetime64(int(number), "D"))
    seconds, rest = divmod(int(number), 10**9)
    part = f".{rest:09d}".rstrip("0").rstrip(".")
    return f"{seconds // 3600:02d}:{seconds // 60 % 60:02d}:{seconds % 60:02d}{part}"


def _blobs(column: Column, sample: Any) -> tuple[tuple[Any, Any] | None, int]:
    values = column.values or ()
    if sample is not None:
        picked = [values[place] for place in sample.tolist()]
        gone = None if column.missing is None else column.missing[sample].tolist()
    else:
        picked, gone = list(values), None if column.missing is None else column.missing.tolist()
    if gone is not None:
        picked = [value for value, absent in zip(picked, gone, strict=True) if not absent]
    different = set(picked)
    if column.shown is None or not different:
        return None, len(different)
    try:
        shown = sorted(
            map(column.shown, (min(different), max(different)))
            if column.kind == "text"
            else map(column.shown, different)
        )
    except TypeError:  # categories of several kinds have no order
        return None, len(different)
    return (shown[0], shown[-1]), len(different)


def _plain(value: Any) -> Any:
    """Return a value as JSON holds it."""
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int) and INT64_LOW <= value <= INT64_HIGH:
        return value
    if isinstance(value, float) and math.isfinite(value):
        return value
    return short(masked_text(str(value)))


def short(text: str) -> str:
    """Return a text, cut where it is long, and as Unicode where it is none."""
    kept = text.encode("utf-8", "replace").decode()
    return kept if len(kept) <= MAX_CHARACTERS else kept[: MAX_CHARACTERS - 1] + "…"
