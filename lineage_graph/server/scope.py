"""Scope: what a picture shows of a lineage, as its address says it.

Addresses are written by hand, kept for years and passed on. So nothing in one is an error: what
cannot be understood is left out, and a sentence says so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from typing import Any
from urllib.parse import urlencode

from pydantic import Field

from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref
from lineage_graph.model.values import Frozen
from lineage_graph.store import Direction

DEEPEST = 1000
MOST = 10_000
_MANY = 1000  # values of one parameter
_SENTENCES = 10


class Scope(Frozen):
    """How far a picture goes from where it starts, and what was opened by hand.

    ``opened`` names nodes with a direction: ``artifact/17-upstream`` shows what made artifact 17.
    ``dropped`` says what of the address was left out, and why.
    """

    direction: Direction = Direction.BOTH
    depth: int = Field(default=1, ge=0, le=DEEPEST)
    limit: int = Field(default=500, ge=1, le=MOST)
    opened: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The scope as the query of an address, defaults left out."""
        given = self.model_dump(mode="json", exclude_defaults=True, exclude={"dropped"})
        return urlencode(given, doseq=True, safe="/")


def read_scope(given: Iterable[tuple[str, str]], own: Collection[str] = ()) -> Scope:
    """Return the scope that the parameters of an address name; ``own`` are those of others."""
    fields: dict[str, Any] = {}
    dropped: list[str] = []
    for name, text in given:
        if name in own or name in _CANVAS or not text:
            continue
        if name not in _READERS:
            dropped.append(f"{_short(name)} says nothing to this page.")
            continue
        try:
            value = _READERS[name](text)
        except (ValueError, InvalidArgument) as error:
            dropped.append(f"{name}={_short(text)} was left out: {error}.")
            continue
        if name not in _LISTS:
            fields.setdefault(name, value)
        elif len(fields.setdefault(name, {})) < _MANY:
            fields[name][value] = None
        else:
            dropped.append(f"{name}={_short(text)} was left out: there are {_MANY:,} already.")
    lists = {name: tuple(fields[name]) for name in _LISTS & fields.keys()}
    if len(dropped) > _SENTENCES:
        rest = len(dropped) - _SENTENCES + 1
        dropped = [*dropped[: _SENTENCES - 1], f"{rest:,} more parts of the address were left out."]
    return Scope(**{**fields, **lists, "dropped": tuple(dropped)})


def parse_opened(item: str) -> tuple[Ref, Direction]:
    """Read ``artifact/17-upstream``.

    Raises:
        ValueError: the text is not of that form.
    """
    ref, _, way = item.rpartition("-")
    try:
        direction = Direction(way)
        found = Ref.parse(ref)
        if direction is Direction.BOTH or found.kind is Kind.CONTEXT:
            raise ValueError
    except (ValueError, InvalidArgument):
        raise ValueError("it does not say what to open; write artifact/17-upstream") from None
    return found, direction


def _opened(text: str) -> str:
    ref, direction = parse_opened(text)
    return f"{ref}-{direction.value}"


def _direction(text: str) -> Direction:
    try:
        return Direction(text)
    except ValueError:
        raise ValueError("it is one of both, upstream and downstream") from None


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit()) or len(digits) > 18:
            raise ValueError(f"it is a number from {least} to {most:,}")
        if not least <= int(digits) <= most:
            raise ValueError(f"it is from {least} to {most:,}")
        return int(digits)

    return read


_READERS: dict[str, Callable[[str], Any]] = {
    "direction": _direction,
    "depth": _number(0, DEEPEST),
    "limit": _number(1, MOST),
    "opened": _opened,
}
_LISTS = {"opened"}
_CANVAS = {"selected", "x", "y", "zoom"}  # where one stands before the picture; the canvas's own

PARAMETERS: list[dict[str, Any]] = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": schema,
    }
    for name, description, schema in (
        (
            "direction",
            "which way to go from the node",
            {"enum": [way.value for way in Direction], "default": "both"},
        ),
        (
            "depth",
            "how many events away at most",
            {"type": "integer", "minimum": 0, "maximum": DEEPEST, "default": 1},
        ),
        (
            "limit",
            "how many nodes at most",
            {"type": "integer", "minimum": 1, "maximum": MOST, "default": 500},
        ),
        (
            "opened",
            "nodes opened beyond that: artifact/17-upstream",
            {"type": "array", "items": {"type": "string"}},
        ),
    )
]
"""The parameters as OpenAPI describes them; those of a wrong form are passed over."""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= 40 else f"{flat[:39]}…")
