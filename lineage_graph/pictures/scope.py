"""Scope: what a picture shows of a lineage, as its address says it.

Addresses are written by hand, kept for years and passed on. So nothing in one is an error: what
cannot be understood is left out, and a sentence says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Literal
from urllib.parse import urlencode

from pydantic import Field

from lineage_graph.drawing.transforms.compose import DRAWN
from lineage_graph.errors import InvalidArgument
from lineage_graph.model import Kind, Ref
from lineage_graph.model.values import Frozen
from lineage_graph.store import Direction

MAX_DEPTH = 1000
MAX_NODES = 50_000
_MAX_VALUES = 1000  # values of one parameter
_MAX_VALUE_CHARACTERS = 4000  # characters of one value
_MAX_SENTENCES = 10


class Scope(Frozen):
    """What a picture shows: how far it goes from where it starts, and how that is drawn.

    ``opened`` names nodes with a direction: ``artifact/17-upstream`` shows what made artifact 17;
    ``picked`` single nodes. ``fold`` and ``unfold`` name contexts and stacks, ``by`` the contexts
    that begin folded (``auto``: runs where there would be too many cards), ``out`` nodes that stand beside their stack. ``at`` is a moment in ISO 8601,
    ``find`` a filter whose matches are marked. ``row`` is where the list begins. ``dropped`` says
    what of the address was left out, and why.
    """

    direction: Direction = Direction.BOTH
    depth: int = Field(default=1, ge=0, le=MAX_DEPTH)
    limit: int = Field(default=DRAWN, ge=1, le=MAX_NODES)
    opened: tuple[str, ...] = ()
    picked: tuple[str, ...] = ()
    show: Literal["both", "artifacts", "executions"] = "both"
    cached: Literal["show", "hide"] = "show"
    reduce: Literal["no", "yes"] = "no"
    by: Literal["auto", "none", "run", "pipeline"] = "auto"
    fold: tuple[str, ...] = ()
    unfold: tuple[str, ...] = ()
    stacks: Literal["auto", "no"] = "auto"
    out: tuple[str, ...] = ()
    at: str = ""
    find: str = ""
    row: int = Field(default=0, ge=0)
    dropped: tuple[str, ...] = ()

    @property
    def query(self) -> str:
        """The scope as the query of an address, defaults left out."""
        return self.query_with()

    def query_with(self, **changed: object) -> str:
        """The query of a scope that differs in some fields."""
        other = self.model_copy(update=changed)
        given = other.model_dump(mode="json", exclude_defaults=True, exclude={"dropped"})
        return urlencode(given, doseq=True, safe="/")

    @property
    def begins(self) -> Literal["auto", "none", "run", "pipeline"]:
        """The contexts that begin folded; who wants each by itself gets that."""
        return "none" if self.by == "auto" and self.stacks == "no" else self.by

    @property
    def moment(self) -> int | None:
        """The moment in ms since the epoch, None where none is given."""
        return read_moment(self.at) if self.at else None


def read_scope(given: Iterable[tuple[str, str]], own: Collection[str] = ()) -> Scope:
    """Return the scope that the parameters of an address name; ``own`` are those of others."""
    fields: dict[str, Any] = {}
    dropped: list[str] = []
    for name, text in given:
        if name in own or name in _CANVAS or not text:
            continue
        if name not in _PARAMETERS:
            dropped.append(f"{_short(name)} says nothing to this page.")
            continue
        try:
            if len(text) > _MAX_VALUE_CHARACTERS:
                raise ValueError(f"it is longer than {_MAX_VALUE_CHARACTERS:,} characters")
            value = _PARAMETERS[name].read(text)
        except (ValueError, InvalidArgument) as error:
            dropped.append(f"{name}={_short(text)} was left out: {error}.")
            continue
        if name not in _LISTS:
            fields.setdefault(name, value)
        elif len(fields.setdefault(name, {})) < _MAX_VALUES:
            fields[name][value] = None
        else:
            dropped.append(
                f"{name}={_short(text)} was left out: there are {_MAX_VALUES:,} already."
            )
    lists = {name: tuple(fields[name]) for name in _LISTS & fields.keys()}
    if len(dropped) > _MAX_SENTENCES:
        rest = len(dropped) - _MAX_SENTENCES + 1
        dropped = [
            *dropped[: _MAX_SENTENCES - 1],
            f"{rest:,} more parts of the address were left out.",
        ]
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


def _node(text: str) -> str:
    ref = Ref.parse(text)
    if ref.kind is Kind.CONTEXT or not 0 < ref.id < 2**63:
        raise ValueError("it does not name a node of a picture; write artifact/17 or execution/4")
    return str(ref)


def _group(text: str) -> str:
    if not _GROUP.fullmatch(text):
        raise ValueError("it names no group; write context/5 or stack/artifact/17")
    return text


_GROUP = re.compile(r"(context|stack/(artifact|execution|context))/[1-9][0-9]{0,17}")


def read_moment(text: str) -> int:
    """Read a moment of ISO 8601 as ms since the epoch; it is UTC unless it says otherwise.

    Raises:
        ValueError: the text is not of that form.
    """
    clean = text.strip().replace("Z", "+00:00")
    if "T" in clean:  # a plus sign that was not encoded arrives as a space
        clean = clean.replace(" ", "+")
    try:
        found = datetime.fromisoformat(clean)
        if found.tzinfo is None:
            found = found.replace(tzinfo=timezone.utc)
        return round(found.timestamp() * 1000)
    except (ValueError, OverflowError):
        raise ValueError("it is no moment; write 2026-03-01 or 2026-03-01T12:30:00") from None


def _moment(text: str) -> str:
    read_moment(text)
    return text.strip()


def _one_of(*words: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text not in words:
            raise ValueError(f"it is one of {', '.join(words[:-1])} and {words[-1]}")
        return text

    return read


def _number(least: int, most: int) -> Callable[[str], int]:
    def read(text: str) -> int:
        digits = text.strip()
        if not (digits.isascii() and digits.isdigit() and len(digits) < 19):
            raise ValueError(f"it is a number from {least} to {most:,}")
        if not least <= int(digits) <= most:
            raise ValueError(f"it is from {least} to {most:,}")
        return int(digits)

    return read


def _text(text: str) -> str:
    return text


@dataclass(frozen=True)
class _Parameter:
    """How a parameter is read, and how OpenAPI describes it."""

    read: Callable[[str], Any]
    description: str
    schema: dict[str, Any]


def _choice(description: str, *words: str) -> _Parameter:
    return _Parameter(_one_of(*words), description, {"enum": list(words), "default": words[0]})


def _count(description: str, least: int, most: int, default: int) -> _Parameter:
    schema = {"type": "integer", "minimum": least, "maximum": most, "default": default}
    return _Parameter(_number(least, most), description, schema)


def _several(read: Callable[[str], str], description: str) -> _Parameter:
    return _Parameter(read, description, {"type": "array", "items": {"type": "string"}})


_PARAMETERS: dict[str, _Parameter] = {
    "direction": _choice("which way to go from the node", "both", "upstream", "downstream"),
    "depth": _count("how many events away at most", 0, MAX_DEPTH, 1),
    "limit": _count("how many nodes at most", 1, MAX_NODES, DRAWN),
    "opened": _several(_opened, "nodes opened beyond that: artifact/17-upstream"),
    "picked": _several(_node, "single nodes beyond that: artifact/33"),
    "show": _choice(
        "artifacts alone, executions alone, or both", "both", "artifacts", "executions"
    ),
    "cached": _choice("executions taken from the cache", "show", "hide"),
    "reduce": _choice("leave out wires that a longer way makes needless", "no", "yes"),
    "by": _choice(
        "contexts that begin folded; auto: runs where there are many cards",
        *("auto", "none", "run", "pipeline"),
    ),
    "fold": _several(_group, "groups drawn as one card: context/5"),
    "unfold": _several(_group, "groups that are not: context/5, stack/artifact/17"),
    "stacks": _choice("five or more alike as one card", "auto", "no"),
    "out": _several(_node, "nodes that stand beside their stack: artifact/17"),
    "at": _Parameter(_moment, "the lineage as it was at this moment", {"type": "string"}),
    "find": _Parameter(_text, "a filter; what meets it is marked", {"type": "string"}),
    "row": _count("where the list begins, from 1; the list is open then", 0, 10**9, 0),
}
_LISTS = {name for name, each in _PARAMETERS.items() if each.schema.get("type") == "array"}
_CANVAS = {"selected", "x", "y", "zoom"}  # where one stands before the picture; the canvas's own

PARAMETERS: list[dict[str, Any]] = [
    {
        "name": name,
        "in": "query",
        "required": False,
        "description": each.description,
        "schema": each.schema,
    }
    for name, each in _PARAMETERS.items()
]
"""The parameters as OpenAPI describes them; those of a wrong form are passed over."""


def _short(text: str) -> str:
    flat = " ".join(text.split())
    return repr(flat if len(flat) <= 40 else f"{flat[:39]}…")
