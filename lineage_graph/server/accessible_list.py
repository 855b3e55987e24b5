"""The list twin of a picture: the same in words, a page at a time, also without JavaScript."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from lineage_graph.drawing.picture import Card, Picture

ROWS = 100
_MAX_NAMED_NEIGHBOURS = 5  # neighbours a row names


@dataclass(frozen=True)
class NeighbourList:
    """What is on one side of a card: its first cards, how many more are drawn, and how many are not."""

    way: str
    cards: tuple[Card, ...]
    more: int
    hidden: int


@dataclass(frozen=True)
class ListRow:
    """A card with what leads to it and what it leads to."""

    card: Card
    path: str
    sides: tuple[NeighbourList, NeighbourList]


@dataclass(frozen=True)
class Twin:
    """Rows ``first`` to ``last`` of ``total``; where the pages before and after begin, if there are any."""

    rows: tuple[ListRow, ...]
    first: int
    last: int
    total: int
    previous: int | None
    following: int | None


def twin(picture: Picture, first: int = 1) -> Twin:
    """Return a page of a picture's list; ``first`` counts from 1."""
    cards = picture.cards
    if not 0 < first <= len(cards):
        first = 1
    shown = range(first - 1, min(first - 1 + ROWS, len(cards)))
    before: dict[int, dict[int, None]] = {number: {} for number in shown}
    after: dict[int, dict[int, None]] = {number: {} for number in shown}
    for wire in picture.wires:
        if wire.target in before:
            before[wire.target][wire.source] = None
        if wire.source in after:
            after[wire.source][wire.target] = None

    def side(way: str, numbers: Sequence[int], hidden: int) -> NeighbourList:
        named = tuple(cards[other] for other in numbers[:_MAX_NAMED_NEIGHBOURS])
        return NeighbourList(way, named, len(numbers) - len(named), hidden)

    rows = tuple(
        ListRow(
            cards[number],
            path_of_card(cards[number]),
            (
                side("upstream", list(before[number]), cards[number].hidden_upstream),
                side("downstream", list(after[number]), cards[number].hidden_downstream),
            ),
        )
        for number in shown
    )
    last = first - 1 + len(rows)
    return Twin(
        rows,
        first,
        last,
        len(cards),
        max(1, first - ROWS) if first > 1 else None,
        last + 1 if last < len(cards) else None,
    )


def path_of_card(card: Card) -> str:
    """Return the path of the page of a card's node; a stack has none."""
    return "" if card.kind == "stack" else f"/{card.key.replace('/', 's/')}"
