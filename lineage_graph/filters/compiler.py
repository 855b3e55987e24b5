"""Tree to Cypher: types are checked on the way, and every value is bound."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from lineage_graph.catalog.names import index_key
from lineage_graph.catalog.property_index_keys import Range
from lineage_graph.catalog.scanner import parameters
from lineage_graph.errors import InvalidArgument
from lineage_graph.filters import tree
from lineage_graph.filters.diagnostics import wrong
from lineage_graph.filters.expressions import Piece, Rank, fit, fitted, joined, opposite, sought
from lineage_graph.filters.function_calls import Calls
from lineage_graph.filters.functions import NUMBERS
from lineage_graph.filters.names import NameCompiler
from lineage_graph.filters.patterns import regular_expression
from lineage_graph.filters.predicates import Forms, NodeSet
from lineage_graph.filters.schema import Attribute, ValueType
from lineage_graph.filters.tree import Expression
from lineage_graph.model import Kind

_INT64 = 2**63
_OPPOSITE = {"AND": "OR", "OR": "AND"}
_SWAPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_JSON = "{"  # how structs and messages begin, which are stored as text


class Compiled(NamedTuple):
    """Patterns to match, the condition and its values, and the ranges of keys that lead to what meets it."""

    joins: tuple[str, ...]
    condition: str
    values: Mapping[str, Any]
    seeks: tuple[tuple[Range, ...], ...]


class Compiler:
    """Compiles the tree of one filter; ``strict`` takes ML Metadata's language and no more."""

    def __init__(self, kind: Kind, text: str, *, strict: bool = True) -> None:
        self._text = text
        self._strict = strict
        self._values: dict[str, Any] = {}
        self._names = NameCompiler(kind, text, self.bind, strict=strict)
        self._forms = None if strict else Forms(kind, text, self.bind)
        self._calls = Calls(self, self._forms)

    @property
    def sets(self) -> tuple[NodeSet, ...]:
        """The sets of nodes that have to be found first."""
        return () if self._forms is None else tuple(self._forms.sets.values())

    @property
    def properties(self) -> tuple[str, ...]:
        """The names of the properties that the filter asks for."""
        return tuple(self._names.properties)

    def compile(self, root: Expression) -> Compiled:
        """Return what a filter becomes.

        Raises:
            InvalidArgument: a name, a word or a type is wrong; the message says where.
        """
        whole = self.condition(root)
        if whole.type is ValueType.NULL:
            raise self.wrong(root, "a condition was expected, this is NULL")
        missing = [name for name in self._names.mentioned if name not in whole.implies]
        texts = [f"{name} IS NOT NULL" for name in missing]
        condition = " AND ".join([*texts, whole.truth_inside(Rank.NOT if texts else Rank.OR)])
        joins = tuple(pattern.format(variable) for variable, pattern in self._names.joins.values())
        used = parameters(condition)
        values = {name: value for name, value in self._values.items() if name in used}
        return Compiled(joins, condition, values, whole.seeks)

    def bind(self, value: Any, what: str = "value") -> str:
        """Return the parameter that stands for a value."""
        name = f"filter_{what}_{len(self._values)}"
        self._values[name] = value
        return f"${name}"

    def wrong(self, expression: Expression, what: str, hint: str = "") -> InvalidArgument:
        """Return the error that something is wrong with an expression."""
        return wrong(self._text, expression.position, what, hint)

    def piece(self, expression: Expression) -> Piece:
        """Return what an expression becomes."""
        found: Piece = _METHODS[type(expression)](self, expression)
        return found

    def value(self, expression: Expression) -> Piece:
        """Return what an expression becomes; it must not be a word of an enumeration."""
        found = self.piece(expression)
        if found.type is ValueType.WORD:
            raise self.wrong(
                expression, f"{expression} takes =, !=, IN, NOT IN and IS NULL, nothing else"
            )
        return found

    def condition(self, expression: Expression) -> Piece:
        """Return what an expression becomes that is true or false."""
        found = self.value(expression)
        found = fit(found, ValueType.BOOL)
        if found.type not in (ValueType.BOOL, ValueType.NULL):
            raise self.wrong(expression, f"a condition was expected, this is {found.type.value}")
        return found

    def values(self, expressions: Sequence[Expression]) -> list[Piece]:
        """Return what expressions become that are used together."""
        return fitted([self.value(expression) for expression in expressions])

    def typed(self, expression: Expression, *types: ValueType) -> Piece:
        """Return what an expression becomes that is of one of these types."""
        found = fit(self.value(expression), *types)
        if found.type not in types and found.type is not ValueType.NULL:
            wanted = " or ".join(dict.fromkeys(one.value for one in types))
            raise self.wrong(expression, f"{wanted} was expected, this is {found.type.value}")
        return found

    def common(self, expressions: Sequence[Expression], pieces: Sequence[Piece]) -> ValueType:
        """Return the type that all of these can be."""
        found = ValueType.NULL
        for expression, piece in zip(expressions, pieces, strict=True):
            if ValueType.NULL in (found, piece.type):
                found = piece.type if found is ValueType.NULL else found
            elif {found, piece.type} == NUMBERS:
                found = ValueType.DOUBLE
            elif found is not piece.type:
                raise self.wrong(
                    expression, f"{found.value} was expected, this is {piece.type.value}"
                )
        return found

    def _constant(self, node: tree.Constant) -> Piece:
        value = node.value
        if value is None:
            return Piece(ValueType.NULL, "null")
        if isinstance(value, bool):
            return Piece(ValueType.BOOL, "true" if value else "false", constant=(value,))
        if isinstance(value, int) and not -_INT64 <= value < _INT64:
            value = float(value)
        types = {int: ValueType.INT, float: ValueType.DOUBLE, str: ValueType.STRING}
        return Piece(types[type(value)], self.bind(value), constant=(value,))

    def _path(self, node: tree.Path) -> Piece:
        return self._names.resolve(node)

    def _logical(self, node: tree.Logical) -> Piece:
        return joined(node.operator, [self.condition(operand) for operand in node.operands])

    def _not(self, node: tree.Not) -> Piece:
        inner = node.operand
        if isinstance(inner, tree.Not):
            return self.condition(inner.operand)
        if isinstance(inner, tree.Logical):
            denied = tuple(tree.Not(one.position, one) for one in inner.operands)
            operator: Any = _OPPOSITE[inner.operator]
            return self.piece(tree.Logical(inner.position, operator, denied))
        found = self.condition(inner)
        if found.type is ValueType.NULL:
            raise self.wrong(inner, "NOT takes a condition, not NULL")
        return opposite(found)

    def _comparison(self, node: tree.Comparison) -> Piece:
        sides = (node.left, node.right)
        for one, other in (sides, sides[::-1]):
            if (attribute := self._enumeration(one, other)) is not None:
                if node.operator not in ("=", "!="):
                    raise self.wrong(node, f"{one} is not compared by {node.operator}")
                found = self._words(self.piece(one), attribute, [other])
                return found if node.operator == "=" else _unlike(attribute, found)
        left, right = self.values(sides)
        for side, piece in zip(sides, (left, right), strict=True):
            if piece.type is ValueType.NULL:
                raise self.wrong(side, "nothing equals NULL", "Write IS NULL or IS NOT NULL.")
        self.common(sides, (left, right))
        return self._compared(node.operator, left, right)

    def _enumeration(self, one: Expression, other: Expression) -> Attribute | None:
        """Return the attribute where one side is an enumeration and the other may be its word."""
        if not isinstance(one, tree.Path) or (len(one.names) == 1 and self._is_word(one, other)):
            return None
        attribute = self.piece(one).attribute
        return attribute if attribute is not None and attribute.words else None

    def _is_word(self, one: tree.Path, other: Expression) -> bool:
        """Whether a name has to be a word because the other side is an enumeration."""
        if not isinstance(other, tree.Path):
            return False
        try:
            self.piece(one)
        except InvalidArgument:
            return True
        return False

    def _words(self, operand: Piece, attribute: Attribute, options: Sequence[Expression]) -> Piece:
        """Return that an enumeration is one of these words."""
        words = [self._word(attribute, option) for option in options]
        one = f"= {self.bind(words[0])}" if len(words) == 1 else f"IN {self.bind(words)}"
        return Piece(ValueType.BOOL, f"{operand.text} {one}", Rank.COMPARISON)

    def _word(self, attribute: Attribute, expression: Expression) -> str:
        known = f"Known are {', '.join(attribute.words)}, written without quotes."
        word = ""
        if isinstance(expression, tree.Path) and len(expression.names) == 1:
            word = expression.names[0]
        elif isinstance(expression, tree.Constant) and not self._strict:
            word = str(expression.value)  # in quotes, as people write it
        if word.upper() in attribute.words:
            return word.upper()
        raise self.wrong(expression, "a word of the enumeration was expected", known)

    def _compared(self, operator: str, left: Piece, right: Piece) -> Piece:
        sign = "<>" if operator == "!=" else operator
        text = f"{left.inside(Rank.SUM)} {sign} {right.inside(Rank.SUM)}"
        if left.constant and not right.constant:
            left, right, sign = right, left, _SWAPPED.get(sign, sign)
        whole = Piece(ValueType.BOOL, text, Rank.COMPARISON)
        return self._found(whole, left, sign, right.text, right.constant)

    def _found(
        self, whole: Piece, left: Piece, sign: str, right: str, constants: Sequence[Any]
    ) -> Piece:
        """Add what leads to the nodes where a property or a text is compared with constants."""
        simple = self._simplified(whole, left, sign, right, constants)
        seeks = sought(left.keyed, sign, constants) if constants else ()
        return replace(simple, seeks=seeks) if seeks else simple

    def _simplified(
        self, whole: Piece, left: Piece, sign: str, right: str, constants: Sequence[Any]
    ) -> Piece:
        """Add what indexes understand where a property or a text is compared with constants."""
        if not constants:
            return whole
        if left.stored and sign != "<>":  # what is of another kind differs too, to Cypher
            checks = [f"{left.stored} {sign} {right}"]
            if left.type in NUMBERS or (
                left.type is ValueType.STRING and _may_be_json(sign, constants)
            ):
                checks.append(left.kind)
            simple = " AND ".join(checks)
            rank = Rank.AND if len(checks) > 1 else Rank.COMPARISON
            return _with_simple(whole, simple, rank, left.stored)
        key = left.attribute.key if left.attribute is not None else None
        if key is not None and sign in ("=", "IN") and all(constants):
            keys = [index_key(text) for text in constants]
            bound = self.bind(keys if sign == "IN" else keys[0])
            simple = f"{left.holder}.{key} {sign} {bound} AND {whole.text}"
            return _with_simple(whole, simple, Rank.AND)
        return whole

    def _among(self, node: tree.Among) -> Piece:
        operand = self.piece(node.operand)
        if operand.attribute is not None and operand.attribute.words:
            named = _in_words(operand.attribute.words, node.options)
            found = self._words(operand, operand.attribute, named)
            if node.negated:  # numbers are taken for what the database holds, without more ado
                by_word = named is node.options
                return _unlike(operand.attribute, found) if by_word else opposite(found)
            return found
        operand, *options = fitted([operand, *map(self.value, node.options)])
        self.common((node.operand, *node.options), (operand, *options))
        constants = [value for option in options for value in option.constant]
        if len(constants) == len(options):
            listed = self.bind(constants)
        else:
            listed, constants = f"[{', '.join(option.text for option in options)}]", []
        whole = Piece(ValueType.BOOL, f"{operand.inside(Rank.SUM)} IN {listed}", Rank.COMPARISON)
        if node.negated:
            return opposite(whole)
        return self._found(whole, operand, "IN", listed, constants)

    def _between(self, node: tree.Between) -> Piece:
        pieces = self.values(node.parts)
        self.common(node.parts, pieces)
        operand, low, high = pieces
        if operand.rank is Rank.ATOM and not isinstance(node.operand, tree.Case | tree.Call):
            bounds = (self._compared(">=", operand, low), self._compared("<=", operand, high))
            return joined("AND", bounds)
        # Written twice, such operands inside each other would double the text at every level.
        limits = f"value >= {low.inside(Rank.SUM)} AND value <= {high.inside(Rank.SUM)}"
        return Piece(ValueType.BOOL, f"any(value IN [{operand.text}] WHERE {limits})")

    def _like(self, node: tree.Like) -> Piece:
        operand = self.typed(node.operand, ValueType.STRING)
        pattern = node.pattern
        if not isinstance(pattern, tree.Constant) or not isinstance(pattern.value, str):
            raise self.wrong(
                pattern,
                "LIKE takes a text in quotes",
                "% stands for any text, _ for one character.",
            )
        regular = self.bind(regular_expression(pattern.value))
        whole = Piece(ValueType.BOOL, f"{operand.inside(Rank.SUM)} =~ {regular}", Rank.COMPARISON)
        # The embedded engine matches numbers too, so a property is only matched where it is text.
        return _with_simple(whole, whole.text, whole.rank, *filter(None, [operand.stored]))

    def _is(self, node: tree.Is) -> Piece:
        if node.value is None:
            operand = self.piece(node.operand)
            return Piece(ValueType.BOOL, f"{operand.inside(Rank.SUM)} IS NULL", Rank.COMPARISON)
        operand = self.condition(node.operand)
        text = operand.text if node.value else f"NOT ({operand.text})"
        return Piece(ValueType.BOOL, f"coalesce({text}, false)")

    def _call(self, node: tree.Call) -> Piece:
        return self._calls.call(node)

    def _cast(self, node: tree.Cast) -> Piece:
        return self._calls.cast(node)

    def _case(self, node: tree.Case) -> Piece:
        return self._calls.case(node)

    def _arithmetic(self, node: tree.Arithmetic) -> Piece:
        return self._calls.arithmetic(node)

    def _negative(self, node: tree.Negative) -> Piece:
        operand = self.typed(node.operand, *NUMBERS)
        return Piece(operand.type, f"-({operand.text})")


def _may_be_json(sign: str, constants: Sequence[Any]) -> bool:
    """Whether the text of a struct or a message may meet the comparison with these constants."""
    return sign not in ("=", "IN") or any(text.startswith(_JSON) for text in constants)


def _in_words(words: Sequence[str], options: Sequence[Expression]) -> Sequence[Expression]:
    """Return the words of an enumeration where only their numbers are given: TFX's ``state IN (2)``."""
    numbers = dict(enumerate(words, "UNKNOWN" not in words))
    named = [
        tree.Path(one.position, (numbers[one.value],))
        for one in options
        if isinstance(one, tree.Constant) and type(one.value) is int and one.value in numbers
    ]
    return named if len(named) == len(options) else options


def _unlike(attribute: Attribute, found: Piece) -> Piece:
    """Return that an enumeration is not as it was found to be: a node without a word is none of them."""
    text = f"coalesce({found.text}, false)" if attribute.optional else found.text
    return opposite(replace(found, text=text))


def _with_simple(whole: Piece, simple: str, rank: Rank, *implied: str) -> Piece:
    return Piece(whole.type, whole.text, whole.rank, simple, rank, frozenset(implied))


_METHODS: Mapping[type[Expression], Callable[[Compiler, Any], Piece]] = {
    tree.Constant: Compiler._constant,
    tree.Path: Compiler._path,
    tree.Logical: Compiler._logical,
    tree.Not: Compiler._not,
    tree.Comparison: Compiler._comparison,
    tree.Among: Compiler._among,
    tree.Between: Compiler._between,
    tree.Like: Compiler._like,
    tree.Is: Compiler._is,
    tree.Call: Compiler._call,
    tree.Cast: Compiler._cast,
    tree.Case: Compiler._case,
    tree.Arithmetic: Compiler._arithmetic,
    tree.Negative: Compiler._negative,
}
