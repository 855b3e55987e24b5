"""Metrics, plots and parameters as properties: plain numbers and words by their dotted names."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from lineage_graph.exchange.documents import Unreadable, clean, read_values
from lineage_graph.exchange.dvc.stages import TrackedFile
from lineage_graph.model import Value
from lineage_graph.model.values import INT64_HIGH, INT64_LOW

LARGEST = 1 << 20  # bytes of a file of metrics or plots
_MAX_VALUES = 500  # values of one file or stage
_MOST_ROWS = 1000
_MAX_VALUE_CHARACTERS = 4000  # characters of a value


def says_the_same(file: TrackedFile, content: bytes) -> bool:
    """True where a file in git is the one whose hash DVC wrote down."""
    if file.algorithm != "md5":
        return False
    plain = content.replace(b"\r\n", b"\n") if file.legacy else content
    return hashlib.md5(plain, usedforsecurity=False).hexdigest() == file.hash


def metrics(path: str, content: bytes) -> dict[str, Value]:
    """Return the numbers of a file of metrics, by dotted names.

    Raises:
        Unreadable: it is none that can be read.
    """
    return {
        name: value
        for name, value in flat(read_values(path, content)).items()
        if isinstance(value, (int, float))
    }


def plot(path: str, content: bytes) -> dict[str, Value]:
    """Return a file of plots: its rows, columns and, of the first thousand rows, their values.

    Raises:
        Unreadable: it is none that can be read.
    """
    rows = _rows(path, content)
    columns = list(dict.fromkeys(name for row in rows[:_MOST_ROWS] for name in row))[:_MAX_VALUES]
    shown = {name: [_number(row.get(name)) for row in rows[:_MOST_ROWS]] for name in columns}
    return {
        "rows": len(rows),
        "columns": ", ".join(columns)[:_MAX_VALUE_CHARACTERS],
        "values": shown,
    }


def flat(values: Any) -> dict[str, Value]:
    """Return nested mappings as one, with dotted names; lists become JSON. The first 500 values."""
    found: dict[str, Value] = {}
    for name, value in _leaves("", values):
        if len(found) == _MAX_VALUES:
            break
        found[clean(name)] = value
    return found


def _leaves(name: str, value: Any) -> Iterator[tuple[str, Value]]:
    if isinstance(value, Mapping):
        for inner, content in value.items():
            yield from _leaves(f"{name}.{inner}" if name else str(inner), content)
    elif name and isinstance(value, bool | float):
        yield name, value
    elif name and isinstance(value, int):
        yield name, value if INT64_LOW <= value <= INT64_HIGH else str(value)
    elif name:
        text = value if isinstance(value, str) else json.dumps(value, default=str)
        yield name[:_MAX_VALUE_CHARACTERS], clean(text[:_MAX_VALUE_CHARACTERS])


def _rows(path: str, content: bytes) -> list[Mapping[str, Any]]:
    ending = path.rpartition(".")[2].lower()
    if ending not in ("csv", "tsv"):
        value = read_values(path, content)
        if isinstance(value, dict):  # {"rows": [...]}
            value = next((inner for inner in value.values() if isinstance(inner, list)), [])
        if not isinstance(value, list):
            raise Unreadable("it holds no rows")
        return [
            {clean(str(k)): v for k, v in row.items()} for row in value if isinstance(row, dict)
        ]
    try:
        text = io.StringIO(content.decode("utf-8-sig"), newline="")
        reader = csv.DictReader(text, delimiter="\t" if ending == "tsv" else ",", restkey="")
        return [{clean(k): v for k, v in row.items() if k} for row in reader]
    except (ValueError, csv.Error) as error:
        raise Unreadable(str(error)) from None


def _number(value: Any) -> Any:
    if isinstance(value, (bool, int, float)) or value is None:
        return (
            value if not isinstance(value, int) or INT64_LOW <= value <= INT64_HIGH else str(value)
        )
    text = clean(str(value)[:200])
    try:
        number = int(text) if text.lstrip("-").isdecimal() and len(text) < 18 else float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
