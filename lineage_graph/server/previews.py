"""Previews: the beginning of a file as people look at it: a table, a picture, text, or what it is."""

from __future__ import annotations

import csv
import io
import json
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal

from lineage_graph.exchange.tfx.evaluations import evaluation_rows
from lineage_graph.exchange.tfx.schemas import schema_rows
from lineage_graph.exchange.tfx.statistics import statistics_rows

HEAD = 256 * 1024  # bytes of a file that are read to show its beginning
IMAGE = 16 * 1024 * 1024  # bytes of the largest image that is shown
_ROWS, _COLUMNS, _CELL = 20, 20, 200
_LINES, _TEXT = 200, 8000

IMAGES = {
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".svg": "image/svg+xml",
}
"""What images are sent as: by their name alone, and shown by ``<img>`` alone."""
_WORDS = frozenset(
    [
        ".txt",
        ".md",
        ".log",
        ".yaml",
        ".yml",
        ".toml",
        ".ini",
        ".cfg",
        ".conf",
        ".py",
        ".sql",
        ".sh",
        ".pbtxt",
        ".html",
        ".xml",
        ".json",
        ".jsonl",
        ".ndjson",
    ]
)


@dataclass(frozen=True)
class Preview:
    """What is shown of a file; ``note`` says what is left out or why there is nothing to see."""

    look: Literal["table", "image", "text", "none"]
    note: str = ""
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    text: str = ""


def suffix_of(name: str) -> str:
    """Return the ending of a file's name that tells what it is, without that of compression."""
    low = name.lower().removesuffix(".gz")
    dot = low.rfind(".")
    return low[dot:] if dot > low.rfind("/") + 1 or dot > 0 else ""


def can_show(name: str) -> bool:
    """Say whether a file of this name has a preview, by its name."""
    low = name.lower()
    known = suffix_of(name) in (*IMAGES, *_WORDS, ".csv", ".tsv")
    return known or low.endswith("featurestats.pb") or _is_evaluation(low)


def _is_evaluation(low: str) -> bool:
    return low.rpartition("/")[2].startswith("metrics") and low.endswith(".tfrecord")


def preview(name: str, size: int, read: Callable[[int], bytes]) -> Preview:
    """Return the preview of a file; ``read`` gives its first bytes."""
    suffix = suffix_of(name)
    packed = name.lower().endswith(".gz")
    if suffix in IMAGES and not packed:
        if size > IMAGE:
            return Preview("none", f"An image of {size:,} bytes is too large to be shown.")
        return Preview("image")
    if not can_show(name):
        return Preview("none", "Files of this kind are not shown.")
    held = read(HEAD)
    head, whole = _unpacked(held, size) if packed else (held, size <= len(held))
    if name.lower().endswith("featurestats.pb"):
        return _of_statistics(head, whole)
    if _is_evaluation(name.lower()):
        return _of_evaluation(head, whole)
    text = head.decode("utf-8", "replace")
    if suffix in (".csv", ".tsv"):
        return _of_lines(
            csv.reader(io.StringIO(text), delimiter="," if suffix == ".csv" else "\t"), whole
        )
    if suffix == ".pbtxt" and whole and (rows := schema_rows(text)):
        return _table(("feature", "type", "presence", "values"), rows, whole, "features")
    try:
        if suffix in (".jsonl", ".ndjson"):
            lines = text.splitlines() if whole else text.splitlines()[:-1]
            return _of_records([json.loads(line) for line in lines if line.strip()], whole, text)
        if suffix == ".json" and whole:
            return _of_json(json.loads(text))
    except (ValueError, RecursionError):
        pass  # then it is shown as it is
    return _of_text(text, whole)


def _unpacked(held: bytes, size: int) -> tuple[bytes, bool]:
    """Unpack no more than is shown, however much there is in it."""
    unpacker = zlib.decompressobj(16 + zlib.MAX_WBITS)
    try:
        head = unpacker.decompress(held, HEAD)
    except zlib.error:
        return b"", False
    return head, unpacker.eof and size <= len(held)


def _of_text(text: str, whole: bool) -> Preview:
    lines = text[:_TEXT].splitlines()[:_LINES]
    shown = "\n".join(lines)
    cut = not whole or len(shown) + len(lines) < len(text)
    return Preview("text", f"These are the first {len(lines):,} lines." if cut else "", text=shown)


def _of_lines(reader: Iterable[list[str]], whole: bool) -> Preview:
    rows: list[list[str]] = []
    try:
        rows.extend(row for row in reader if row)
    except csv.Error:
        whole = False
    if not whole and len(rows) > 1:
        rows.pop()  # it may have been cut in two
    if not rows:
        return Preview("none", "It is empty.")
    return _table(rows[0], rows[1:], whole)


def _of_records(items: list[Any], whole: bool, text: str) -> Preview:
    if not items or not all(isinstance(item, dict) for item in items):
        return _of_text(text, whole)
    columns = list(dict.fromkeys(key for item in items[: 10 * _ROWS] for key in item))
    return _table(columns, [[item.get(c) for c in columns] for item in items], whole)


def _of_json(value: Any) -> Preview:
    text = json.dumps(value, ensure_ascii=False, indent=2)
    if isinstance(value, list):
        return _of_records(value, True, text)
    flat = isinstance(value, dict) and not any(isinstance(v, (dict, list)) for v in value.values())
    return _table(("name", "value"), list(value.items()), True) if flat else _of_text(text, True)


def _of_statistics(head: bytes, whole: bool) -> Preview:
    if not whole:
        return Preview("none", "These statistics are too large to be shown.")
    rows = statistics_rows(head)
    if not rows:
        return Preview("none", "It holds no statistics that can be read.")
    columns = ("dataset", "feature", "type", "count", "missing", "mean", "least", "median", "most")
    return _table((*columns, "unique"), rows, True, "features")


def _of_evaluation(head: bytes, whole: bool) -> Preview:
    if not whole:
        return Preview("none", "This evaluation is too large to be shown.")
    try:
        rows = evaluation_rows(head)
    except ValueError:
        rows = []
    if not rows:
        return Preview("none", "It holds no metrics that can be read.")
    named = [(part or "everything", metric, value) for part, metric, value in rows]
    return _table(("slice", "metric", "value"), named, True, "metrics")


def _table(
    columns: Iterable[Any], rows: Iterable[Iterable[Any]], whole: bool, what: str = "rows"
) -> Preview:
    given = [list(row) for row in rows]
    heads = [_cell(column) for column in columns]
    notes = []
    if len(given) > _ROWS or not whole:
        shown = min(_ROWS, len(given))
        notes.append(f"The first {shown:,} of {len(given):,}{'' if whole else ' or more'} {what}.")
    if len(heads) > _COLUMNS:
        notes.append(f"The first {_COLUMNS} of {len(heads):,} columns.")
    return Preview(
        "table",
        " ".join(notes),
        tuple(heads[:_COLUMNS]),
        tuple(tuple(_cell(cell) for cell in row[:_COLUMNS]) for row in given[:_ROWS]),
    )


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _CELL else f"{text[:_CELL]}…"
