"""Absent values: which nodes a negated condition leaves out because they lack the property.

To the filter language, as to SQL, ``NOT x > 1`` is neither true nor false of a node without ``x``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import tree
from lineage_graph.filters.literals import name_as_text
from lineage_graph.filters.parse import parse
from lineage_graph.filters.tree import Expression, Path

_PROPERTIES = ("properties", "custom_properties")
_OPTIONAL = ("name", "external_id")
_ALWAYS = (
    "id",
    "type",
    "type_id",
    "uri",
    "state",
    "last_known_state",
    "create_time_since_epoch",
    "last_update_time_since_epoch",
)


@dataclass(frozen=True)
class LeftOut:
    """The properties without which a node fails a negated condition of the filter.

    ``instead`` is the filter that finds them too; empty where the condition is a part of a larger
    one, in which ``OR x IS NULL`` must be added next to it.
    """

    names: tuple[str, ...]
    instead: str


def left_out(where: str) -> LeftOut | None:
    """Return what the negations of a filter leave out; None where that is nothing or it is no filter."""
    try:
        root = parse(where)
    except InvalidArgument:
        return None
    asked = {path.names for path in _asked_for_absence(root)}
    found = dict.fromkeys(_written(path) for path in _denied(root) if path.names not in asked)
    if not found:
        return None
    text = where.strip()
    absent = " OR ".join(f"{name} IS NULL" for name in found)
    return LeftOut(tuple(found), "" if isinstance(root, tree.Logical) else f"{text} OR {absent}")


def _denied(part: Expression, denies: bool = False) -> Iterator[Path]:
    """Yield the properties in negated conditions, which are NULL for a node without them."""
    if isinstance(part, tree.Not):
        yield from _denied(part.operand, not denies)
    elif isinstance(part, tree.Logical):
        for operand in part.operands:
            yield from _denied(operand, denies)
    elif isinstance(part, tree.Comparison):
        if (part.operator == "!=") != denies:
            yield from _optional((part.left, part.right))
    elif isinstance(part, tree.Among):
        if part.negated != denies:
            yield from _optional((part.operand,))
    elif denies and isinstance(part, tree.Between | tree.Like | tree.Path):
        yield from _optional(part.parts or (part,))


def _optional(operands: tuple[Expression, ...]) -> Iterator[Path]:
    """Yield the compared properties that a node may lack."""
    for operand in operands:
        if isinstance(operand, Path):
            first = operand.names[0].lower()
            alone = len(operand.names) == 1
            if (
                first in _PROPERTIES
                or (alone and first in _OPTIONAL)
                or (alone and first not in _ALWAYS and not _is_word(operand, operands))
            ):
                yield operand
        elif isinstance(operand, tree.Arithmetic | tree.Negative):
            yield from _optional(operand.parts)


def _is_word(operand: Path, operands: tuple[Expression, ...]) -> bool:
    """True for the word of an enumeration that a state is compared with."""
    return any(
        isinstance(other, Path)
        and other is not operand
        and other.names[-1].lower() in ("state", "last_known_state", "type")
        for other in operands
    )


def _asked_for_absence(part: Expression) -> Iterator[Path]:
    if isinstance(part, tree.Is) and part.value is None and isinstance(part.operand, Path):
        yield part.operand
    for inner in part.parts:
        yield from _asked_for_absence(inner)


def _written(path: Path) -> str:
    """Return a path as it is written, with names in backticks where they need them."""
    return ".".join(map(name_as_text, path.names))
