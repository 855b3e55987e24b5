"""The functions filters may call: what they take, what they give, and their Cypher."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lineage_graph.filters.schema import Type

NUMBERS = frozenset({Type.INT, Type.DOUBLE})
_TEXT = frozenset({Type.STRING})
_INT = frozenset({Type.INT})


@dataclass(frozen=True)
class Function:
    """A function of a fixed number of arguments; without ``result`` it gives what it takes first."""

    takes: tuple[frozenset[Type], ...]
    result: Type | None
    cypher: str


FUNCTIONS: Mapping[str, Function] = {
    "ABS": Function((NUMBERS,), None, "abs({})"),
    "CHAR_LENGTH": Function((_TEXT,), Type.INT, "size({})"),
    "ENDS_WITH": Function((_TEXT, _TEXT), Type.BOOL, "({} ENDS WITH {})"),
    "LENGTH": Function((_TEXT,), Type.INT, "size({})"),
    "LOWER": Function((_TEXT,), Type.STRING, "toLower({})"),
    "LTRIM": Function((_TEXT,), Type.STRING, "ltrim({})"),
    "MOD": Function((_INT, _INT), Type.INT, "({} % nullIf({}, 0))"),
    "REPLACE": Function((_TEXT, _TEXT, _TEXT), Type.STRING, "replace({}, {}, {})"),
    "RTRIM": Function((_TEXT,), Type.STRING, "rtrim({})"),
    "STARTS_WITH": Function((_TEXT, _TEXT), Type.BOOL, "({} STARTS WITH {})"),
    "TRIM": Function((_TEXT,), Type.STRING, "trim({})"),
    "UPPER": Function((_TEXT,), Type.STRING, "toUpper({})"),
}
"""Those that take a fixed number of arguments of fixed types."""
SPECIAL = ("CAST", "COALESCE", "CONCAT", "IF", "IFNULL", "NULLIF", "SUBSTR")
"""Those whose types depend on what they are given."""
_SAME = "{}"
_ANY_TO_TEXT = dict.fromkeys((Type.INT, Type.DOUBLE, Type.BOOL, Type.ANY), "toString({})")
_TO_INT = {
    Type.INT: _SAME,
    **dict.fromkeys((Type.DOUBLE, Type.STRING, Type.BOOL, Type.ANY), "toIntegerOrNull({})"),
}
_TO_DOUBLE = {
    Type.DOUBLE: _SAME,
    Type.INT: "toFloat({})",
    **dict.fromkeys((Type.STRING, Type.ANY), "toFloatOrNull({})"),
}
_TO_TEXT = {Type.STRING: _SAME, **_ANY_TO_TEXT}
_TO_BOOL = {Type.BOOL: _SAME, Type.INT: "({} <> 0)", Type.STRING: "toBooleanOrNull({})"}
CASTS: Mapping[str, tuple[Type, Mapping[Type, str]]] = {
    "INT64": (Type.INT, _TO_INT),
    "FLOAT64": (Type.DOUBLE, _TO_DOUBLE),
    "STRING": (Type.STRING, _TO_TEXT),
    "BOOL": (Type.BOOL, _TO_BOOL),
}
"""What CAST converts to, and how from each type."""
