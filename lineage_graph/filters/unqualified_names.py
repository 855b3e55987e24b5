"""Unqualified names: ``accuracy > 0.9`` compares a property of that name if its value has the right type."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from lineage_graph.catalog.names import property_key
from lineage_graph.filters.expressions import Piece, Rank
from lineage_graph.filters.schema import ValueType

Key = Callable[[str], tuple[str, str]]
_NUMBER = "{0} IS :: INTEGER NOT NULL OR {0} IS :: FLOAT NOT NULL"
_CHECKS = {
    ValueType.INT: "{0} IS :: INTEGER NOT NULL",
    ValueType.DOUBLE: _NUMBER,
    ValueType.STRING: "{0} IS :: STRING NOT NULL AND {1}",
    ValueType.BOOL: "{0} IS :: BOOLEAN NOT NULL",
}


def bare_property(name: str, key: Key) -> Piece:
    """Return what a bare name becomes: the declared property, else the custom one.

    ``key`` gives a property's Cypher, and the condition that it is no struct and no message. Nodes
    without the property have the value NULL; they are not left out.
    """
    keys = tuple(property_key(name, custom) for custom in (False, True))
    places = [key(one) for one in keys]
    text = f"coalesce({', '.join(stored for stored, _ in places)})"
    return Piece(ValueType.ANY, text, fits=partial(_fitting, keys, places))


def _fitting(keys: tuple[str, ...], places: list[tuple[str, str]], wanted: ValueType) -> Piece:
    """Return the value as a type that is wanted: of both properties the first that has one."""
    check = _CHECKS[wanted]
    whens = [f"WHEN {check.format(*place)} THEN {place[0]}" for place in places]
    return Piece(wanted, f"CASE {' '.join(whens)} END", Rank.ATOM, keyed=keys)
