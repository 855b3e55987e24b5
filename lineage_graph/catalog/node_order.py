"""Orders of lists of nodes: by a field or by a property, then by id, and where a page begins in one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lineage_graph.catalog.names import property_key
from lineage_graph.errors import InvalidArgument

_TIMES = ("create_time_since_epoch", "last_update_time_since_epoch")
_LATEST = 2**63 - 1
ORDERS = {
    "id": "id",
    "create_time": "create_time_since_epoch",
    "update_time": "last_update_time_since_epoch",
    "name": "name",
}
"""The fields that lists are ordered by, and what nodes of the graph call them."""
_GROUPS = {"properties": (False,), "custom_properties": (True,)}
_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
MAX_NAME = 300
"""Characters of the name of a property that lists are ordered by."""


@dataclass(frozen=True)
class Order:
    """The order of a list: by a field of nodes, then by id."""

    field: str = "id"
    descending: bool = False

    @property
    def when_unknown(self) -> int | str:
        """The sort value of a node without the field; without a time, it comes last both ways."""
        if self.field not in _TIMES:
            return ""
        return -_LATEST if self.descending else _LATEST

    @property
    def values(self) -> dict[str, str]:
        """What a statement with this order is bound to."""
        return {}

    @property
    def keys(self) -> str:
        """What a statement orders by."""
        way = " DESC" if self.descending else ""
        by_id = f"n.id{way}"
        return by_id if self.field == "id" else f"{self._value}{way}, {by_id}"

    @property
    def behind(self) -> str:
        """The condition of what comes behind ``$after`` and ``$after_id``."""
        sign = "<" if self.descending else ">"
        if self.field == "id":
            return f"n.id {sign} $after_id"
        return (
            f"({self._value} {sign} $after OR ({self._value} = $after AND n.id {sign} $after_id))"
        )

    def position(self, row: Mapping[str, Any]) -> Any:
        """Return the value at which a row stands."""
        value = row.get(self.field)
        return self.when_unknown if value is None else value

    def after(self, position: Any) -> Order:
        """Return the order of a page that begins behind a position.

        Raises:
            ValueError: it is none of this order.
        """
        if isinstance(position, str) != (self.field == "name") or isinstance(position, float):
            raise ValueError(position)
        return self

    def sort(self, rows: list[dict[str, Any]]) -> bool:
        """Sort rows as the engines do; False where Python cannot: it orders texts otherwise."""
        if self.field == "name":
            return False
        rows.sort(key=lambda row: (self.position(row), row["id"]), reverse=self.descending)
        return True

    @property
    def _value(self) -> str:
        return f"coalesce(n.{self.field}, {self.when_unknown or repr('')})"


@dataclass(frozen=True)
class PropertyOrder(Order):
    """By a property: numbers by their value, then texts, last the nodes that have neither; then by id.

    What comes last does so both ways, and so does NaN. ``stored`` are the graph's names of the property:
    the first that holds such a value counts. ``reached`` is what the page before ended with.
    """

    field: str = ""
    stored: tuple[str, ...] = ()
    reached: type | None = None

    @property
    def values(self) -> dict[str, str]:
        """What a statement with this order is bound to."""
        return {f"order_{number}": key for number, key in enumerate(self.stored)}

    @property
    def keys(self) -> str:
        """What a statement orders by."""
        way = " DESC" if self.descending else ""
        parts = (f"{value} IS NULL, {value}{way}" for value in (self._number, self._text))
        return f"{', '.join(parts)}, n.id{way}"

    @property
    def behind(self) -> str:
        """The condition of what comes behind ``$after`` and ``$after_id``."""
        sign = "<" if self.descending else ">"
        by_id = f"n.id {sign} $after_id"
        no_number, no_text = f"{self._number} IS NULL", f"{self._text} IS NULL"
        if self.reached is None:
            return f"({no_number} AND {no_text} AND {by_id})"
        value, end = (self._text, no_text) if self.reached is str else (self._number, no_number)
        found = f"({end} OR {value} {sign} $after OR ({value} = $after AND {by_id}))"
        return f"({no_number} AND {found})" if self.reached is str else found

    def position(self, row: Mapping[str, Any]) -> float | str | None:
        """Return the value at which a row stands; None without one."""
        held = [row.get(key) for key in self.stored]
        numbers = (one for one in held if type(one) in (int, float) and one == one)
        return next(numbers, next((one for one in held if type(one) is str), None))

    def after(self, position: Any) -> Order:
        """Return the order of a page that begins behind a position."""
        kind = None if position is None else str if isinstance(position, str) else float
        return replace(self, reached=kind)

    def sort(self, rows: list[dict[str, Any]]) -> bool:
        """Sort rows as the engines do; False where Python cannot: it orders texts otherwise."""
        placed = [(self.position(row), row) for row in rows]
        if any(isinstance(at, str) for at, _ in placed):
            return False
        sign = -1 if self.descending else 1
        placed.sort(key=lambda one: (one[0] is None, sign * (one[0] or 0), sign * one[1]["id"]))
        rows[:] = [row for _, row in placed]
        return True

    @property
    def _number(self) -> str:
        return self._first(
            "{0} IS :: INTEGER NOT NULL OR ({0} IS :: FLOAT NOT NULL AND NOT isNaN({0}))"
        )

    @property
    def _text(self) -> str:
        return self._first("{0} IS :: STRING NOT NULL")

    def _first(self, check: str) -> str:
        """Return the first of the properties that passes a check, else null."""
        names = (
            f"n.{key}" if _PLAIN_KEY.fullmatch(key) else f"n[$order_{number}]"
            for number, key in enumerate(self.stored)
        )
        whens = (f"WHEN {check.format(name)} THEN {name}" for name in names)
        return f"(CASE {' '.join(whens)} END)"


def order_of(order_by: str, descending: bool = False) -> Order:
    """Return the order that is meant: a field, or a property.

    ``properties.accuracy`` is a declared one, ``custom_properties.accuracy`` a custom one, ``accuracy``
    the declared one, else the custom one.

    Raises:
        InvalidArgument: it names nothing.
    """
    if order_by in ORDERS:
        return Order(ORDERS[order_by], descending)
    group, dot, rest = order_by.partition(".")
    customs = _GROUPS.get(group) if dot else None
    name = order_by if customs is None else rest
    if not name or len(name) > MAX_NAME:
        raise InvalidArgument(
            f"{order_by[:60]!r} is nothing to order by.",
            hint=f"Say {', '.join(ORDERS)}, or the name of a property, such as accuracy.",
        )
    stored = tuple(property_key(name, custom) for custom in customs or (False, True))
    return PropertyOrder(descending=descending, stored=stored)
