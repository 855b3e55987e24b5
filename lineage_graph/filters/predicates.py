"""Short forms: what is upstream, downstream or within something, and what there was at a moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from lineage_graph.catalog import Param
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import tree
from lineage_graph.filters.diagnostics import wrong
from lineage_graph.filters.expressions import Piece, Rank
from lineage_graph.filters.schema import ValueType
from lineage_graph.model import Kind, Ref

FORMS: Mapping[str, str] = {
    "AS_OF": "as_of('2026-03-01')",
    "DOWNSTREAM_OF": "downstream_of('execution/4')",
    "UPSTREAM_OF": "upstream_of(42)",
    "WITHIN": "within('run-3')",
}
"""The short forms, and an example of each."""
_MOMENT = Param("as_of", "datetime", "a moment")
_INT64 = 2**63


@dataclass(frozen=True)
class NodeSet:
    """Nodes that have to be found before the filter can be answered: a condition looks them up.

    ``name`` is the parameter that stands for their ids. ``way`` says how they lie to what was
    written in the filter at ``position``: a node (``ref``), or a context by its id or its name.
    """

    name: str
    way: Literal["upstream", "downstream", "within"]
    position: int
    ref: Ref | None = None
    context: str | None = None

    @property
    def condition(self) -> str:
        """The condition that a node is in the set, as the filter's text has it."""
        return f"n.id IN ${self.name}"

    @property
    def keyed(self) -> str:
        """The same for large sets: the ids are the keys of a map, as texts."""
        return f"${self.name}[toString(n.id)] IS NOT NULL"

    def __str__(self) -> str:
        start = repr(self.context) if self.ref is None else str(self.ref)
        return f"{self.way} {'' if self.way == 'within' else 'of '}{start}"


class Forms:
    """Compiles the short forms of one filter, and remembers the sets they need."""

    def __init__(self, kind: Kind, text: str, bind: Callable[[Any, str], str]) -> None:
        self.sets: dict[tuple[object, ...], NodeSet] = {}
        self._kind = kind
        self._text = text
        self._bind = bind

    def call(self, node: tree.Call) -> Piece:
        """Return the condition that a short form becomes.

        Raises:
            InvalidArgument: it was given something else than it takes.
        """
        argument = node.arguments[0] if len(node.arguments) == 1 else None
        if not isinstance(argument, tree.Constant):
            raise self._takes(node.name, node.position)
        if node.name == "AS_OF":
            return self._as_of(argument)
        if node.name == "WITHIN":
            return self._within(argument)
        if self._kind is Kind.CONTEXT:
            raise wrong(
                self._text,
                node.position,
                "contexts have no events, so nothing is upstream or downstream of them",
                "Find artifacts or executions by it.",
            )
        return self._reached(node, argument)

    def _reached(self, node: tree.Call, argument: tree.Constant) -> Piece:
        ref = self._ref(node, argument)
        way: Any = node.name.removesuffix("_OF").lower()
        return self._in_set(way, argument.position, ref=ref)

    def _ref(self, node: tree.Call, argument: tree.Constant) -> Ref:
        value = argument.value
        if isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64:
            return Ref(Kind.ARTIFACT, value)
        try:
            ref = Ref.parse(value) if isinstance(value, str) else None
        except InvalidArgument:
            ref = None
        if ref is None or ref.kind is Kind.CONTEXT:
            raise self._takes(node.name, argument.position)
        return ref

    def _within(self, argument: tree.Constant) -> Piece:
        value = argument.value
        if isinstance(value, int) and not isinstance(value, bool) and -_INT64 <= value < _INT64:
            return self._in_set("within", argument.position, ref=Ref(Kind.CONTEXT, value))
        if not isinstance(value, str):
            raise self._takes("WITHIN", argument.position)
        try:
            ref = Ref.parse(value) if value.startswith("context/") else None
        except InvalidArgument:
            ref = None
        if ref is not None:
            return self._in_set("within", argument.position, ref=ref)
        return self._in_set("within", argument.position, context=value)

    def _as_of(self, argument: tree.Constant) -> Piece:
        value = argument.value
        try:
            if isinstance(value, bool) or not isinstance(value, int | str):
                raise self._takes("AS_OF", argument.position)
            moment = _MOMENT.check(value)
        except InvalidArgument:
            raise self._takes("AS_OF", argument.position) from None
        text = f"n.create_time_since_epoch <= {self._bind(moment, 'moment')}"
        return Piece(ValueType.BOOL, text, Rank.COMPARISON)

    def _in_set(
        self,
        way: Literal["upstream", "downstream", "within"],
        position: int,
        ref: Ref | None = None,
        context: str | None = None,
    ) -> Piece:
        key = (way, ref, context)
        if key not in self.sets:
            name = f"filter_{way}_{len(self.sets)}"
            self.sets[key] = NodeSet(name, way, position, ref, context)
        return Piece(ValueType.BOOL, self.sets[key].condition, Rank.COMPARISON)

    def _takes(self, name: str, position: int) -> InvalidArgument:
        return wrong(self._text, position, f"{name.lower()} takes {_TAKES[name]}", _HINTS[name])


_NODE = "one artifact or execution"
_TAKES = {
    "AS_OF": "one moment",
    "DOWNSTREAM_OF": _NODE,
    "UPSTREAM_OF": _NODE,
    "WITHIN": "one context",
}
_HINTS = {
    "AS_OF": "Write as_of('2026-03-01') or as_of('2026-03-01T12:00'); times are UTC.",
    "DOWNSTREAM_OF": "Write downstream_of(42) for artifact 42, downstream_of('execution/4') for an execution.",
    "UPSTREAM_OF": "Write upstream_of(42) for artifact 42, upstream_of('execution/4') for an execution.",
    "WITHIN": "Write within('run-3') for a context by its name, within(5) by its id.",
}
