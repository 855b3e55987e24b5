"""How far down each column is taken: what is new stands on it, as far up as it can."""

from __future__ import annotations

from lineage_graph.drawing.sizes import GAP, WIRE_GAP


class Ground:
    """The lowest end of what stands in each column."""

    def __init__(self) -> None:
        self._ends: list[float] = []

    def top(self, first: int, last: int) -> float:
        """Return where a card that takes the columns from first to last may begin."""
        self._reach(last)
        return max(self._ends[first : last + 1]) + GAP

    def take(self, first: int, last: int, end: float) -> None:
        """Take the columns from first to last down to ``end``."""
        self._reach(last)
        for column in range(first, last + 1):
            self._ends[column] = max(self._ends[column], end)

    def lane(self, first: int, last: int) -> float:
        """Return how high a wire runs clear of all cards over the columns, and keep them off it."""
        height = self.top(first, last) - GAP + WIRE_GAP
        self.take(first, last, height)
        return height

    def _reach(self, column: int) -> None:
        self._ends += [-GAP] * (column + 1 - len(self._ends))
