"""How big cards and the space between them are, in the picture's own units (CSS pixels at scale 1)."""

from __future__ import annotations

CARD_WIDTH, CARD_HEIGHT = 168.0, 44.0
BETWEEN = 56.0  # from column to column, where wires go up and down
COLUMN = CARD_WIDTH + BETWEEN
GAP = 16.0  # between cards of one column
WIRE_GAP = 10.0  # round a wire that passes through a column
ROW = CARD_HEIGHT + GAP

Edge = tuple[int, int]
Point = tuple[float, float]


def middle(column: int) -> float:
    """Return where the middle of a column is."""
    return column * COLUMN + CARD_WIDTH / 2


def left(column: int) -> float:
    """Return where the cards of a column begin."""
    return column * COLUMN


def right(column: int) -> float:
    """Return where the cards of a column end."""
    return column * COLUMN + CARD_WIDTH
