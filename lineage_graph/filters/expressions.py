"""Pieces of Cypher: what an expression became, and how pieces are put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import IntEnum

from lineage_graph.catalog.property_index_keys import Range, narrowest, range_of
from lineage_graph.filters.schema import Attribute, ValueType

_MOST_RANGES = 8  # each is a look-up
_WIDEST = 32  # the embedded engine refuses long chains of AND and OR, not chains of chains


class Rank(IntEnum):
    """How tightly a piece holds together: looser ones need brackets inside tighter ones."""

    OR = 0
    AND = 1
    NOT = 2
    COMPARISON = 3
    SUM = 4
    PRODUCT = 5
    ATOM = 6


@dataclass(frozen=True)
class Piece:
    """What an expression became in Cypher.

    ``text`` has the expression's value, NULL where SQL has NULL. ``simple`` is true where ``text``
    is true, and may be anything but true elsewhere; it is what indexes understand. ``implies``
    names the properties that are there wherever the piece is true. ``attribute`` and ``holder``
    are set where the piece is an attribute, and say which and of which variable; ``stored`` where
    it is a property, and is the property's bare Cypher, ``kind`` what Cypher calls its type.
    ``constant`` holds the value where it was written in the filter. ``fits`` gives what a property
    becomes where a value of some type is wanted; it is there where the type is any. ``keyed`` names
    the properties that the piece's value may be of. ``seeks`` are ranges of keys: a node that meets
    the piece has a key in one range of each.
    """

    type: ValueType
    text: str
    rank: Rank = Rank.ATOM
    simple: str = ""
    simple_rank: Rank = Rank.ATOM
    implies: frozenset[str] = frozenset()
    attribute: Attribute | None = None
    holder: str = ""
    stored: str = ""
    kind: str = ""
    constant: tuple[bool | int | float | str, ...] = ()
    fits: Callable[[ValueType], Piece] | None = None
    keyed: tuple[str, ...] = ()
    seeks: tuple[tuple[Range, ...], ...] = ()

    def inside(self, rank: Rank) -> str:
        """The text, in brackets where it is looser than what surrounds it."""
        return self.text if self.rank >= rank else f"({self.text})"

    @property
    def truth(self) -> str:
        """The simplest text that is true where the piece is."""
        return self.simple or self.text

    def truth_inside(self, rank: Rank) -> str:
        """The simplest text, in brackets where it is looser than what surrounds it."""
        own = self.simple_rank if self.simple else self.rank
        return self.truth if own >= rank else f"({self.truth})"


def fitted(pieces: Sequence[Piece]) -> list[Piece]:
    """Return pieces that are used together, where properties of any type take the others' type."""
    types = [piece.type for piece in pieces if piece.type not in (ValueType.ANY, ValueType.NULL)]
    if not types:
        return list(pieces)
    wanted = ValueType.DOUBLE if types[0] is ValueType.INT else types[0]
    return [fit(piece, wanted) for piece in pieces]


def fit(piece: Piece, *types: ValueType) -> Piece:
    """Return a piece as one of these types (the first it can be) where it is of any type."""
    return piece if piece.fits is None else piece.fits(types[0])


def chained(operator: str, texts: Sequence[str]) -> str:
    """Return texts with an operator between them, in groups of groups where they are many."""
    while len(texts) > _WIDEST:
        groups = [texts[start : start + _WIDEST] for start in range(0, len(texts), _WIDEST)]
        texts = [f"({f' {operator} '.join(group)})" for group in groups]
    return f" {operator} ".join(texts)


def opposite(piece: Piece) -> Piece:
    """Return the piece of a condition that does not hold; NULL where that is NULL."""
    return Piece(ValueType.BOOL, f"NOT ({piece.text})", Rank.NOT)


def joined(operator: str, pieces: Sequence[Piece]) -> Piece:
    """Return the piece of conditions that all hold (``AND``), or of which one holds (``OR``)."""
    rank = Rank[operator]
    implied = [piece.implies for piece in pieces]
    return Piece(
        ValueType.BOOL,
        chained(operator, [piece.inside(Rank(rank + 1)) for piece in pieces]),
        rank,
        chained(operator, [piece.truth_inside(Rank(rank + 1)) for piece in pieces]),
        rank,
        frozenset.union(*implied) if operator == "AND" else frozenset.intersection(*implied),
        seeks=_all_of(pieces) if operator == "AND" else _any_of(pieces),
    )


def _all_of(pieces: Sequence[Piece]) -> tuple[tuple[Range, ...], ...]:
    return narrowest(ranges for piece in pieces for ranges in piece.seeks)


def _any_of(pieces: Sequence[Piece]) -> tuple[tuple[Range, ...], ...]:
    if not all(piece.seeks for piece in pieces):
        return ()
    ranges = tuple(dict.fromkeys(one for piece in pieces for one in piece.seeks[0]))
    return (ranges,) if len(ranges) <= _MOST_RANGES else ()


def sought(
    keyed: Sequence[str], sign: str, values: Sequence[object]
) -> tuple[tuple[Range, ...], ...]:
    """Return the ranges of keys of properties that compare so (``IN``: as one of them) with values."""
    sign = "=" if sign == "IN" else sign
    if sign == "<>" or len(keyed) * len(values) > _MOST_RANGES:
        return ()
    found = [
        range_of(name, sign, value)
        for name in keyed
        for value in values
        if isinstance(value, int | float | str) and not isinstance(value, bool)
    ]
    known = tuple(one for one in found if one is not None)
    return (known,) if known and len(known) == len(keyed) * len(values) else ()
