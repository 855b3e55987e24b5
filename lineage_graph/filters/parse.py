"""Text to tree: ``grammar.lark`` says what a filter looks like, this module what becomes of it."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from pathlib import Path as File
from typing import Any, NoReturn, cast

from lark import Lark, Token, Transformer
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from lineage_graph.filters import tree
from lineage_graph.filters.diagnostics import wrong
from lineage_graph.filters.literals import name_of, text_of
from lineage_graph.filters.tree import Expression

MOST_CHARACTERS = 100_000
MOST_LEVELS = 25  # Neo4j plans AND and OR inside each other in time that doubles with each level
MOST_PARTS = 1_000  # its planning takes a second by then; names, values and lists do not count
MOST_TERMS = 500  # of one sum; a longer one is planned beyond the time limit
_MOST_DIGITS = 1000  # zeros before the number among them
_TOO_LARGE = 2**63 + 1  # with a minus before it, 2**63 is a number
_MAX_QUOTED_CHARACTERS = 30
_NAMES = {"RPAR": ")", "LPAR": "(", "COMMA": ",", "$END": "the end", "NAME": "a name"}
_OPERATORS = {
    *("PLUS", "MINUS", "TIMES", "DIVIDED", "JOIN", "COMPARISON"),
    *("AND", "OR", "IN", "IS", "LIKE", "BETWEEN"),
}
_BEGINS_VALUE = {"STRING", "INTEGER", "NAME"}
_UNCLOSED = (("'", "text"), ('"', "text"), ("`", "quoted name"), ("/*", "comment"))


def parse(text: str) -> Expression:
    """Return the tree of a filter.

    Raises:
        InvalidArgument: the text is no filter; the message says where and what was expected.
    """
    if len(text) > MOST_CHARACTERS:
        raise wrong(text, MOST_CHARACTERS, f"it is longer than {MOST_CHARACTERS:,} characters")
    try:
        found = cast(Expression, parser().parse(text))  # the builder's, not lark's own tree
    except UnexpectedInput as error:
        _refuse(text, error)
    except Malformed as error:
        raise wrong(text, error.position, error.what) from None
    _check_size(text, found)
    return found


def _check_size(text: str, root: Expression) -> None:
    level: Sequence[Expression] = (root,)
    count = 0
    for _ in range(MOST_LEVELS):
        count += sum(not isinstance(one, tree.Constant | tree.Path) for one in level)
        for one in level:
            if isinstance(one, tree.Arithmetic) and len(one.parts) > MOST_TERMS:
                raise wrong(text, one.position, f"it computes with more than {MOST_TERMS} terms")
        if count > MOST_PARTS:
            raise wrong(text, level[0].position, f"it has more than {MOST_PARTS:,} conditions")
        level = [part for expression in level for part in expression.parts]
        if not level:
            return
    raise wrong(text, level[0].position, f"it is nested more than {MOST_LEVELS} levels deep")


def _refuse(text: str, error: UnexpectedInput) -> NoReturn:
    """Say what stands where the parser stopped, and what could have stood there."""
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        position = error.token.start_pos or 0
        found = f"{_shortened(str(error.token))} was not expected"
    elif isinstance(error, UnexpectedCharacters):
        position = error.pos_in_stream or 0
        for mark, what in _UNCLOSED:
            if text.startswith(mark, position):
                raise wrong(text, position, f"the {what} that begins here does not end")
        found = f"{_shortened(text[position:].split(maxsplit=1)[0])} was not expected"
    else:
        position, found = len(text), "it ends too early"
    if text[position : position + len("SELECT")].upper() == "SELECT":
        raise wrong(text, position, "subqueries are not allowed")
    raise wrong(text, position, f"{found}; expected {_expected(error)}")


def _shortened(found: str) -> str:
    return repr(
        found if len(found) <= _MAX_QUOTED_CHARACTERS else found[:_MAX_QUOTED_CHARACTERS] + "…"
    )


def _expected(error: UnexpectedInput) -> str:
    accepted: set[str] = set()
    for name in ("accepts", "expected", "allowed"):  # which there is depends on the error
        accepted |= set(getattr(error, name, None) or ())
    if accepted >= _BEGINS_VALUE:
        return "a name or a value"
    if accepted & _OPERATORS:
        return "an operator or the end"
    words = sorted(_NAMES.get(name, name) for name in accepted)
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


class Malformed(Exception):
    """A token that looks right and is not."""

    def __init__(self, position: int, what: str) -> None:
        super().__init__(what)
        self.position = position
        self.what = what


class _Builder(Transformer[Token, Expression]):
    """A method for every alternative of the grammar that makes a part of the tree."""

    def either(self, operands: list[Expression]) -> Expression:
        gathered = _gathered(operands)
        if len(gathered) == 1:
            return gathered[0]
        return tree.Logical(operands[0].position, "OR", tuple(gathered))

    def both(self, operands: list[Expression]) -> Expression:
        return tree.Logical(operands[0].position, "AND", tuple(operands))

    def negation(self, parts: list[Expression]) -> Expression:
        return tree.Not(parts[0].position, parts[0])

    def comparison(self, parts: list[Any]) -> Expression:
        left, operator, right = parts
        sign = "!=" if operator == "<>" else str(operator)
        return tree.Comparison(operator.start_pos, sign, left, right)

    def is_null(self, parts: list[Expression]) -> Expression:
        return tree.Is(parts[0].position, parts[0], None)

    def is_truth(self, parts: list[Any]) -> Expression:
        return tree.Is(parts[0].position, parts[0], parts[1].value)

    def is_in(self, parts: list[Any]) -> Expression:
        return tree.Among(parts[0].position, parts[0], tuple(parts[1]))

    def is_between(self, parts: list[Expression]) -> Expression:
        return tree.Between(parts[0].position, *parts)

    def is_like(self, parts: list[Expression]) -> Expression:
        return tree.Like(parts[0].position, *parts)

    def is_not_null(self, parts: list[Expression]) -> Expression:
        return self.negation([self.is_null(parts)])

    def is_not_truth(self, parts: list[Any]) -> Expression:
        return self.negation([self.is_truth(parts)])

    def is_not_in(self, parts: list[Any]) -> Expression:
        return tree.Among(parts[0].position, parts[0], tuple(parts[1]), negated=True)

    def is_not_between(self, parts: list[Expression]) -> Expression:
        return self.negation([self.is_between(parts)])

    def is_not_like(self, parts: list[Expression]) -> Expression:
        return self.negation([self.is_like(parts)])

    def sum(self, parts: list[Any]) -> Expression:
        return tree.Arithmetic(
            parts[0].position, tuple(parts[::2]), tuple(str(sign) for sign in parts[1::2])
        )

    product = sum

    def minus(self, parts: list[Any]) -> Expression:
        sign, operand = parts
        value = operand.value if isinstance(operand, tree.Constant) else None
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return tree.Constant(sign.start_pos, -value)
        return tree.Negative(sign.start_pos, operand)

    def plus(self, parts: list[Any]) -> Expression:
        return tree.Arithmetic(parts[0].start_pos, (parts[1],), ())

    def text(self, parts: list[Token]) -> Expression:
        position = _position(parts[0])
        try:
            return tree.Constant(position, text_of(parts[0]))
        except ValueError as error:
            raise Malformed(position, str(error)) from None

    def integer(self, parts: list[Token]) -> Expression:
        digits = str(parts[0])
        value = _TOO_LARGE
        if len(digits) < _MOST_DIGITS:
            value = int(digits, 16 if digits[:2].lower() == "0x" else 10)
        if value >= _TOO_LARGE:
            raise Malformed(_position(parts[0]), "the number has more than 64 bits")
        return tree.Constant(_position(parts[0]), value)

    def decimal(self, parts: list[Token]) -> Expression:
        return tree.Constant(_position(parts[0]), float(parts[0]))

    def truth(self, parts: list[Token]) -> Expression:
        return tree.Constant(_position(parts[0]), parts[0].lower() == "true")

    def null(self, parts: list[Token]) -> Expression:
        return tree.Constant(_position(parts[0]), None)

    def path(self, parts: list[Token]) -> Expression:
        names = tuple(name_of(part) if part.type == "QUOTED" else str(part) for part in parts)
        return tree.Path(_position(parts[0]), names)

    def listed(self, parts: list[Expression]) -> Any:
        return parts

    def call(self, parts: list[Any]) -> Expression:
        name, arguments = parts
        return tree.Call(name.start_pos, name.upper(), tuple(arguments or ()))

    def cast(self, parts: list[Any]) -> Expression:
        operand, target = parts
        return tree.Cast(operand.position, operand, target.upper())

    def when(self, parts: list[Expression]) -> Any:
        return tuple(parts)

    def case(self, parts: list[Any]) -> Expression:
        word, *branches, otherwise = parts
        return tree.Case(word.start_pos, None, tuple(branches), otherwise)

    def case_of(self, parts: list[Any]) -> Expression:
        word, subject, *branches, otherwise = parts
        return tree.Case(word.start_pos, subject, tuple(branches), otherwise)


def _gathered(operands: Sequence[Expression]) -> list[Expression]:
    """Make ``x = 1 OR x = 2`` into ``x IN (1, 2)``, which databases answer sooner."""
    equalities = {number: _equality(operand) for number, operand in enumerate(operands)}
    values: dict[tuple[str, ...], list[tree.Constant]] = {}
    for path, value in filter(None, equalities.values()):
        values.setdefault(path.names, []).append(value)
    gathered: list[Expression] = []
    for number, operand in enumerate(operands):
        equality = equalities[number]
        if equality is None:
            gathered.append(operand)
        elif options := values.pop(equality[0].names, None):
            path = equality[0]
            many = len(options) > 1
            gathered.append(tree.Among(path.position, path, tuple(options)) if many else operand)
    return gathered


def _equality(expression: Expression) -> tuple[tree.Path, tree.Constant] | None:
    if isinstance(expression, tree.Comparison) and expression.operator == "=":
        left, right = expression.left, expression.right
        if isinstance(left, tree.Path) and isinstance(right, tree.Constant):
            return None if right.value is None else (left, right)
    return None


def _position(token: Token) -> int:
    return token.start_pos or 0


@functools.cache
def parser() -> Lark:
    """Return the parser of the grammar, which is read once."""
    grammar = File(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(
        grammar, parser="lalr", lexer="contextual", transformer=_Builder(), maybe_placeholders=True
    )
