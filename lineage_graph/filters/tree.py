"""The tree of a filter, as it was written; every part knows the offset at which it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Expression:
    """Any part of a filter that has a value."""

    position: int

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The expressions this one is made of."""
        return ()


@dataclass(frozen=True)
class Constant(Expression):
    """A number, a text, ``true``, ``false`` or ``NULL``."""

    value: bool | int | float | str | None


@dataclass(frozen=True)
class Path(Expression):
    """Names with dots between them: an attribute, or the bare word of an enumeration."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return ".".join(self.names)


@dataclass(frozen=True)
class Logical(Expression):
    """Conditions that all hold, or of which one holds."""

    operator: Literal["AND", "OR"]
    operands: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The conditions."""
        return self.operands


@dataclass(frozen=True)
class Not(Expression):
    """The opposite of a condition."""

    operand: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The condition."""
        return (self.operand,)


@dataclass(frozen=True)
class Comparison(Expression):
    """``left = right``; the position is the operator's."""

    operator: str
    left: Expression
    right: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """Both sides."""
        return (self.left, self.right)


@dataclass(frozen=True)
class Among(Expression):
    """``operand IN (options)``, or ``NOT IN`` where it is ``negated``."""

    operand: Expression
    options: tuple[Expression, ...]
    negated: bool = False

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The operand and the options."""
        return (self.operand, *self.options)


@dataclass(frozen=True)
class Between(Expression):
    """``operand BETWEEN low AND high``."""

    operand: Expression
    low: Expression
    high: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The operand and its bounds."""
        return (self.operand, self.low, self.high)


@dataclass(frozen=True)
class Like(Expression):
    """``operand LIKE pattern``."""

    operand: Expression
    pattern: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The text and the pattern."""
        return (self.operand, self.pattern)


@dataclass(frozen=True)
class Is(Expression):
    """``operand IS NULL``, ``IS TRUE`` or ``IS FALSE``."""

    operand: Expression
    value: bool | None

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The operand."""
        return (self.operand,)


@dataclass(frozen=True)
class Arithmetic(Expression):
    """Operands with ``+ - * / ||`` between them, from left to right."""

    operands: tuple[Expression, ...]
    operators: tuple[str, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The operands."""
        return self.operands


@dataclass(frozen=True)
class Negative(Expression):
    """A number with the other sign."""

    operand: Expression

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The number."""
        return (self.operand,)


@dataclass(frozen=True)
class Call(Expression):
    """A function of some arguments."""

    name: str
    arguments: tuple[Expression, ...]

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The arguments."""
        return self.arguments


@dataclass(frozen=True)
class Cast(Expression):
    """``CAST(operand AS target)``."""

    operand: Expression
    target: str

    @property
    def parts(self) -> tuple[Expression, ...]:
        """What is converted."""
        return (self.operand,)


@dataclass(frozen=True)
class Case(Expression):
    """``CASE [subject] WHEN … THEN … ELSE … END``; without a subject every WHEN is a condition."""

    subject: Expression | None
    branches: tuple[tuple[Expression, Expression], ...]
    otherwise: Expression | None

    @property
    def parts(self) -> tuple[Expression, ...]:
        """The subject, every WHEN and THEN, and the ELSE."""
        given = (self.subject, *(part for branch in self.branches for part in branch))
        return tuple(part for part in (*given, self.otherwise) if part is not None)
