"""The functions filters may call: what they take, what they give, and their Cypher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lineage_graph.filters.schema import ValueType

NUMBERS = frozenset({ValueType.INT, ValueType.DOUBLE})
_TEXT = frozenset({ValueType.STRING})
_INT = frozenset({ValueType.INT})


@dataclass(frozen=True)
class Function:
    """A function of a fixed number of arguments; without ``result`` it gives what it takes first."""

    takes: tuple[frozenset[ValueType], ...]
    result: ValueType | None
    cypher: str


FUNCTIONS: Mapping[str, Function] = {
    "ABS": Function((NUMBERS,), None, "abs({})"),
    "CHAR_LENGTH": Function((_TEXT,), ValueType.INT, "size({})"),
    "ENDS_WITH": Function((_TEXT, _TEXT), ValueType.BOOL, "({} ENDS WITH {})"),
    "LENGTH": Function((_TEXT,), ValueType.INT, "size({})"),
    "LOWER": Function((_TEXT,), ValueType.STRING, "toLower({})"),
    "LTRIM": Function((_TEXT,), ValueType.STRING, "ltrim({})"),
    "MOD": Function((_INT, _INT), ValueType.INT, "({} % nullIf({}, 0))"),
    "REPLACE": Function((_TEXT, _TEXT, _TEXT), ValueType.STRING, "replace({}, {}, {})"),
    "RTRIM": Function((_TEXT,), ValueType.STRING, "rtrim({})"),
    "STARTS_WITH": Function((_TEXT, _TEXT), ValueType.BOOL, "({} STARTS WITH {})"),
    "TRIM": Function((_TEXT,), ValueType.STRING, "trim({})"),
    "UPPER": Function((_TEXT,), ValueType.STRING, "toUpper({})"),
}
"""Those that take a fixed number of arguments of fixed types."""
SPECIAL = ("CAST", "COALESCE", "CONCAT", "IF", "IFNULL", "NULLIF", "SUBSTR")
"""Those whose types depend on what they are given."""
_SAME = "{}"
_ANY_TO_TEXT = dict.fromkeys(
    (ValueType.INT, ValueType.DOUBLE, ValueType.BOOL, ValueType.ANY), "toString({})"
)
_TO_INT = {
    ValueType.INT: _SAME,
    **dict.fromkeys(
        (ValueType.DOUBLE, ValueType.STRING, ValueType.BOOL, ValueType.ANY), "toIntegerOrNull({})"
    ),
}
_TO_DOUBLE = {
    ValueType.DOUBLE: _SAME,
    ValueType.INT: "toFloat({})",
    **dict.fromkeys((ValueType.STRING, ValueType.ANY), "toFloatOrNull({})"),
}
_TO_TEXT = {ValueType.STRING: _SAME, **_ANY_TO_TEXT}
_TO_BOOL = {
    ValueType.BOOL: _SAME,
    ValueType.INT: "({} <> 0)",
    ValueType.STRING: "toBooleanOrNull({})",
}
CASTS: Mapping[str, tuple[ValueType, Mapping[ValueType, str]]] = {
    "INT64": (ValueType.INT, _TO_INT),
    "FLOAT64": (ValueType.DOUBLE, _TO_DOUBLE),
    "STRING": (ValueType.STRING, _TO_TEXT),
    "BOOL": (ValueType.BOOL, _TO_BOOL),
}
"""What CAST converts to, and how from each type."""
