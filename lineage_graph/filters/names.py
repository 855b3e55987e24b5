"""Names to Cypher: attributes, properties and neighbours, checked against the schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from lineage_graph.catalog.names import property_key
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters.diagnostics import wrong
from lineage_graph.filters.expressions import Piece, Rank
from lineage_graph.filters.schema import (
    ATTRIBUTES,
    NEIGHBOURS,
    PROPERTIES,
    STATES,
    VALUES,
    Attribute,
    ValueType,
)
from lineage_graph.filters.tree import Path
from lineage_graph.filters.unqualified_names import bare_property
from lineage_graph.model import Kind

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KINDS = {"artifacts": Kind.ARTIFACT, "executions": Kind.EXECUTION}
_ALIAS = re.compile(r"([a-z_]+?)_([0-9a-z_]+)")


class NameCompiler:
    """Resolves the names of one filter, and remembers what they need to be joined."""

    def __init__(
        self, kind: Kind, text: str, bind: Callable[[Any, str], str], *, strict: bool = True
    ) -> None:
        self.joins: dict[str, tuple[str, str]] = {}
        self.mentioned: dict[str, None] = {}
        self.properties: dict[str, None] = {}
        self._kind = kind
        self._strict = strict
        self._text = text
        self._bind = bind
        self._keys: dict[str, tuple[str, str]] = {}

    def resolve(self, path: Path) -> Piece:
        """Return the Cypher of a name.

        Raises:
            InvalidArgument: nodes of this kind have nothing of that name.
        """
        lower = self._as_named([name.lower() for name in path.names])
        if lower[0] in PROPERTIES:
            return self._property(path, custom=PROPERTIES[lower[0]])
        if len(lower) == 1 and lower[0] in ATTRIBUTES[self._kind]:
            return _attribute(ATTRIBUTES[self._kind][lower[0]], "n")
        alias = _ALIAS.fullmatch(lower[0])
        known = NEIGHBOURS[self._kind]
        if alias is not None and (word := self._word(lower[0])):
            neighbour = known[word]
            if len(lower) != 2 or lower[1] not in neighbour.attributes:
                names = ", ".join(neighbour.attributes)
                raise self._unknown(path, f"{path.names[0]} has: {names}.")
            variable, _ = self.joins.setdefault(
                lower[0], (f"near_{len(self.joins)}", neighbour.pattern)
            )
            return _attribute(neighbour.attributes[lower[1]], variable)
        if len(lower) == 1 and not self._strict:
            self.properties[path.names[0]] = None
            return bare_property(path.names[0], self._key)
        others = [f"{name}.NAME.{next(iter(VALUES))}" for name in PROPERTIES]
        others += [f"{name}_X.{next(iter(found.attributes))}" for name, found in known.items()]
        raise self._unknown(
            path,
            f"An {self._kind.value} has".replace("An c", "A c")
            + f": {', '.join(ATTRIBUTES[self._kind])}, and for example {', '.join(others)}.",
        )

    def _as_named(self, names: list[str]) -> tuple[str, ...]:
        """Return the names with that of a state as this kind of node calls it."""
        if self._strict or len(names) > 2:
            return tuple(names)
        kind = self._kind
        if len(names) == 2:  # of a neighbour
            kind = _KINDS.get(self._word(names[0]), Kind.CONTEXT)
        return (*names[:-1], STATES[kind].get(names[-1], names[-1]))

    def _word(self, name: str) -> str:
        words = [word for word in NEIGHBOURS[self._kind] if name.startswith(f"{word}_")]
        return max((word for word in words if len(name) > len(word) + 1), key=len, default="")

    def _unknown(self, path: Path, hint: str) -> InvalidArgument:
        return wrong(self._text, path.position, f"there is no {str(path)[:60]!r}", hint)

    def _property(self, path: Path, *, custom: bool) -> Piece:
        if len(path.names) != 3 or path.names[2].lower() not in VALUES:
            raise wrong(
                self._text,
                path.position,
                f"{str(path)[:60]!r} is no value of a property",
                f"Write {path.names[0]}.NAME and one of {', '.join(VALUES)} with a dot between.",
            )
        self.properties[path.names[1]] = None
        value_type, cypher_type = VALUES[path.names[2].lower()]
        key = property_key(path.names[1], custom)
        stored, check = self._key(key)
        self.mentioned[stored] = None
        condition = f"{stored} IS :: {cypher_type} NOT NULL"
        if value_type is ValueType.STRING:
            condition += f" AND {check}"
        boolean = value_type is ValueType.BOOL
        return Piece(
            value_type,
            f"CASE WHEN {condition} THEN {stored} END",
            simple=f"{stored} = true" if boolean else "",
            simple_rank=Rank.COMPARISON,
            implies=frozenset({stored}) if boolean else frozenset(),
            stored=stored,
            kind=check if value_type is ValueType.STRING else condition,
            keyed=(key,),
        )

    def _key(self, key: str) -> tuple[str, str]:
        """Return a property's Cypher, and the condition that it is no struct and no message."""
        if key not in self._keys:
            name = f"n.{key}" if _PLAIN_KEY.fullmatch(key) else f"n[{self._bind(key, 'key')}]"
            # Those are stored as text; value_kinds holds their names as the keys of a JSON object.
            entry = f"{json.dumps(key)}: "
            places = [self._bind(start + entry, "kind") for start in "{ "]
            held = " OR ".join(f"n.value_kinds CONTAINS {place}" for place in places)
            self._keys[key] = (name, f"(n.value_kinds IS NULL OR NOT ({held}))")
        return self._keys[key]


def _attribute(attribute: Attribute, variable: str) -> Piece:
    return Piece(
        attribute.type,
        attribute.cypher.format(variable),
        attribute=attribute,
        holder=variable,
    )
