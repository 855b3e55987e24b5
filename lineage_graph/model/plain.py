"""Values as JSON can represent them, and as texts for people."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, is_dataclass
from datetime import datetime, timezone
from enum import Enum
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from lineage_graph.model.graph import Subgraph
from lineage_graph.model.nodes import Node, Ref

NOT_KNOWN = "not known"
"""What people read where a time is not known."""


def plain(value: Any) -> Any:
    """Return a value as JSON can represent it; NaN and infinity become strings."""
    if isinstance(value, Node):
        return {"ref": str(value.ref), "kind": value.kind.value, **value.model_dump(mode="json")}
    if isinstance(value, Subgraph):
        return {name: plain(getattr(value, name)) for name in Subgraph.model_fields}
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, Ref):
        return str(value)
    if isinstance(value, Enum):
        return value.value
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {
            key if isinstance(key, str) else str(plain(key)): plain(v) for key, v in value.items()
        }
    if isinstance(value, (list, tuple, set, frozenset)):
        return [plain(item) for item in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Path):
        return str(value)
    return value


def by_time(node: Node) -> tuple[bool, int, int]:
    """Return a sort key for the order of creation; nodes without a create time come last."""
    created = node.create_time_since_epoch
    return created is None, created or 0, node.id or 0


def told_apart(values: Sequence[Any], said: Callable[[Any], str]) -> tuple[str, ...]:
    """Return values as texts; where different ones would look the same, with all digits and their kinds."""
    words = tuple(map(said, values))
    if not _are_confused(values, words):
        return words
    words = tuple(
        repr(value) if isinstance(value, float) else word
        for value, word in zip(values, words, strict=True)
    )
    if not _are_confused(values, words):
        return words
    words = tuple(
        json.dumps(value, ensure_ascii=False) if isinstance(value, str) else word
        for value, word in zip(values, words, strict=True)
    )
    kinds = ("" if value is None else f" ({_kind(value)})" for value in values)
    return tuple(map("".join, zip(words, kinds, strict=True)))


def _are_confused(values: Sequence[Any], words: Sequence[str]) -> bool:
    first: dict[str, Any] = {}
    for value, word in zip(values, words, strict=True):
        known = first.setdefault(word, value)
        if isinstance(known, bool) is not isinstance(value, bool):
            return True
        if known != value and not (known != known and value != value):
            return True
    return False


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return "truth value"
    return "number" if isinstance(value, (int, float)) else "text"


def moment(milliseconds: int | None) -> str:
    """Return a time of ML Metadata as people write it, in UTC; for None that it is not known."""
    if milliseconds is None:
        return NOT_KNOWN
    try:
        when = datetime.fromtimestamp(milliseconds / 1000, tz=timezone.utc)
    except (OverflowError, OSError, ValueError):
        return str(milliseconds)
    return when.strftime("%Y-%m-%d %H:%M:%S")


def ending(milliseconds: int | None, state: object) -> str:
    """Return when something ended as people write it; nothing while its state says that it goes on."""
    return "" if milliseconds is None and state in ("NEW", "RUNNING") else moment(milliseconds)


def duration(milliseconds: float | None) -> str:
    """Return a length of time as people say it: ``45 ms``, ``0.2 s``, ``41 s``, ``3 min 5 s``, ``2 h 4 min``."""
    if milliseconds is None:
        return ""
    if abs(milliseconds) < 95:
        return f"{milliseconds:.0f} ms"
    seconds = milliseconds / 1000
    if abs(seconds) < 10:
        return f"{seconds:.1f} s"
    whole = round(seconds)
    for size, name, below, small in (
        (86400, "d", 3600, "h"),
        (3600, "h", 60, "min"),
        (60, "min", 1, "s"),
    ):
        if whole >= size:
            rest = whole % size // below
            return f"{whole // size:,} {name}" + (f" {rest} {small}" if rest else "")
    return f"{whole} s"


def counted(count: int, what: str) -> str:
    """Return how many there are of something as people say it: ``1 node``, ``2,000 nodes``."""
    return f"{count:,} {what}{'' if count == 1 else 's'}"
