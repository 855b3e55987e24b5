"""Calls, conversions, cases and arithmetic: what computes a value of others."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import tree
from lineage_graph.filters.expressions import Piece, Rank
from lineage_graph.filters.functions import CASTS, FUNCTIONS, SPECIAL
from lineage_graph.filters.predicates import FORMS, Forms
from lineage_graph.filters.schema import ValueType
from lineage_graph.filters.tree import Expression


class Compiling(Protocol):
    """What compiles the expressions inside."""

    def wrong(self, expression: Expression, what: str, hint: str = "") -> InvalidArgument:
        """Return the error that something is wrong with an expression."""

    def value(self, expression: Expression) -> Piece:
        """Return what an expression becomes."""

    def condition(self, expression: Expression) -> Piece:
        """Return what an expression becomes that is true or false."""

    def values(self, expressions: Sequence[Expression]) -> list[Piece]:
        """Return what expressions become that are used together."""

    def typed(self, expression: Expression, *types: ValueType) -> Piece:
        """Return what an expression becomes that is of one of these types."""

    def common(self, expressions: Sequence[Expression], pieces: Sequence[Piece]) -> ValueType:
        """Return the type that all of these can be."""


class Calls:
    """Compiles what computes a value of others."""

    def __init__(self, compiler: Compiling, forms: Forms | None = None) -> None:
        self._compiler = compiler
        self._forms = forms

    def call(self, node: tree.Call) -> Piece:
        """Return the Cypher of a function's call."""
        if (special := _SPECIAL.get(node.name)) is not None:
            return special(self, node)
        if self._forms is not None and node.name in FORMS:
            return self._forms.call(node)
        if node.name not in FUNCTIONS:
            known = ", ".join(sorted({*FUNCTIONS, *SPECIAL, *(FORMS if self._forms else ())}))
            raise self._compiler.wrong(
                node, f"there is no function {node.name[:60]}", f"Known are {known}."
            )
        function = FUNCTIONS[node.name]
        self._check_count(node, len(function.takes), len(function.takes))
        pieces = [
            self._compiler.typed(argument, *sorted(types, key=lambda one: one.name, reverse=True))
            for argument, types in zip(node.arguments, function.takes, strict=True)
        ]
        texts = [piece.inside(Rank.ATOM) for piece in pieces]
        return Piece(function.result or pieces[0].type, function.cypher.format(*texts))

    def _check_count(self, node: tree.Call, least: int, most: int) -> None:
        if not least <= len(node.arguments) <= most:
            wanted = str(least) if least == most else f"{least} or more"
            raise self._compiler.wrong(
                node, f"{node.name} takes {wanted} arguments, not {len(node.arguments)}"
            )

    def _values(self, node: tree.Call, least: int, most: int) -> tuple[ValueType, list[str]]:
        self._check_count(node, least, most)
        pieces = self._compiler.values(node.arguments)
        return self._compiler.common(node.arguments, pieces), [piece.text for piece in pieces]

    def _coalesce(self, node: tree.Call) -> Piece:
        two = node.name == "IFNULL"
        result, texts = self._values(node, 2 if two else 1, 2 if two else 1000)
        return Piece(result, f"coalesce({', '.join(texts)})")

    def _null_if(self, node: tree.Call) -> Piece:
        result, texts = self._values(node, 2, 2)
        return Piece(result, f"nullIf({', '.join(texts)})")

    def _concat(self, node: tree.Call) -> Piece:
        self._check_count(node, 1, 1000)
        return self.arithmetic(
            tree.Arithmetic(node.position, node.arguments, ("||",) * (len(node.arguments) - 1))
        )

    def _if(self, node: tree.Call) -> Piece:
        self._check_count(node, 3, 3)
        condition, then, otherwise = node.arguments
        return self.case(tree.Case(node.position, None, ((condition, then),), otherwise))

    def _substring(self, node: tree.Call) -> Piece:
        self._check_count(node, 2, 3)
        text = self._compiler.typed(node.arguments[0], ValueType.STRING)
        bounds = []
        for argument in node.arguments[1:]:
            if not isinstance(argument, tree.Constant) or not isinstance(argument.value, int):
                raise self._compiler.wrong(argument, "SUBSTR takes plain whole numbers here")
            bounds.append(argument.value)
        first = bounds[0]
        if first < 1 or bounds[-1] < 0:
            raise self._compiler.wrong(
                node, "SUBSTR counts from 1, and takes no negative length", "The first sign is 1."
            )
        pieces = [text.text, str(first - 1), *map(str, bounds[1:])]
        return Piece(ValueType.STRING, f"substring({', '.join(pieces)})")

    def cast(self, node: tree.Cast) -> Piece:
        """Return the Cypher of a conversion."""
        if node.target not in CASTS:
            raise self._compiler.wrong(
                node, f"there is no type {node.target[:60]}", f"Known are {', '.join(CASTS)}."
            )
        target, ways = CASTS[node.target]
        operand = self._compiler.value(node.operand)
        if operand.type is ValueType.NULL:
            return Piece(target, operand.text)
        if operand.type not in ways:
            raise self._compiler.wrong(node, f"{operand.type.value} cannot become {node.target}")
        return Piece(target, ways[operand.type].format(operand.inside(Rank.SUM)))

    def case(self, node: tree.Case) -> Piece:
        """Return the Cypher of a case."""
        tests = [test for test, _ in node.branches]
        results = [result for _, result in node.branches]
        results += [] if node.otherwise is None else [node.otherwise]
        pieces = self._compiler.values(results)
        result = self._compiler.common(results, pieces)
        if node.subject is None:
            whens = [self._compiler.condition(test) for test in tests]
            subject = ""
        else:
            compared = [node.subject, *tests]
            head, *whens = self._compiler.values(compared)
            self._compiler.common(compared, [head, *whens])
            subject = f"{head.inside(Rank.SUM)} "
        branches = " ".join(
            f"WHEN {when.text} THEN {piece.text}"
            for when, piece in zip(whens, pieces, strict=False)
        )
        otherwise = "" if node.otherwise is None else f" ELSE {pieces[-1].text}"
        return Piece(result, f"CASE {subject}{branches}{otherwise} END")

    def arithmetic(self, node: tree.Arithmetic) -> Piece:
        """Return the Cypher of operands with operators between them."""
        first, *others = node.operands
        wanted = (
            (ValueType.STRING,) if "||" in node.operators[:1] else (ValueType.DOUBLE, ValueType.INT)
        )
        whole = self._compiler.typed(first, *wanted)
        for operator, operand in zip(node.operators, others, strict=True):
            joins = operator == "||"
            if joins != (whole.type is ValueType.STRING) and whole.type is not ValueType.NULL:
                raise self._compiler.wrong(
                    operand, f"{whole.type.value} does not go with {operator}"
                )
            wanted = (ValueType.STRING,) if joins else (ValueType.DOUBLE, ValueType.INT)
            whole = _calculated(whole, operator, self._compiler.typed(operand, *wanted))
        return whole


def _calculated(left: Piece, operator: str, right: Piece) -> Piece:
    if operator == "/":  # of whole numbers too: 7 / 2 is 3.5, and by zero NULL
        text = f"toFloat({left.text}) / nullIf(toFloat({right.text}), 0.0)"
        return Piece(ValueType.DOUBLE, text, Rank.PRODUCT)
    if operator == "||":
        text = f"{left.inside(Rank.SUM)} + {right.inside(Rank.PRODUCT)}"
        return Piece(ValueType.STRING, text, Rank.SUM)
    rank = Rank.PRODUCT if operator == "*" else Rank.SUM
    text = f"{left.inside(rank)} {operator} {right.inside(Rank(rank + 1))}"
    types = {left.type, right.type} - {ValueType.NULL}
    return Piece(
        ValueType.DOUBLE if ValueType.DOUBLE in types or not types else ValueType.INT, text, rank
    )


_SPECIAL: Mapping[str, Callable[[Calls, tree.Call], Piece]] = {
    "COALESCE": Calls._coalesce,
    "CONCAT": Calls._concat,
    "IF": Calls._if,
    "IFNULL": Calls._coalesce,
    "NULLIF": Calls._null_if,
    "SUBSTR": Calls._substring,
}
