"""How far down each column is taken, and what was left free: what is new stands as far up as it can."""

from __future__ import annotations

from bisect import bisect_left

from lineage_graph.drawing.layout.sizes import GAP, ROW, WIRE_GAP

_TRIED = 30  # holes above and below the height that is wanted
_FAR = 40 * ROW  # a hole farther off is no better than the end of the column


class Ground:
    """The lowest end of what stands in each column, and the holes above it."""

    def __init__(self) -> None:
        self._ends: list[float] = []
        self._holes: list[list[tuple[float, float]]] = []  # from, to, in order

    def top(self, first: int, last: int) -> float:
        """Return where a card that takes the columns from first to last may begin."""
        self._reach(last)
        return max(self._ends[first : last + 1]) + GAP

    def apart(self, first: int, last: int) -> float:
        """Return where what has nothing in common with what stands may begin."""
        top = self.top(first, last)
        return top + GAP if top > 0 else top

    def take(self, column: int, begin: float, end: float) -> None:
        """Take a column from ``begin``, which is below all that stands in it, to ``end``."""
        self._reach(column)
        self._leave(column, self._ends[column], begin)
        self._ends[column] = end

    def lane(self, first: int, last: int) -> float:
        """Return how high a wire runs clear of all cards over the columns, and keep them off it."""
        height = self.top(first, last) - GAP + WIRE_GAP
        for column in range(first, last + 1):
            self.take(column, height, height)
        return height

    def hole(self, column: int, wanted: float, size: float) -> float | None:
        """Return the middle of the free place for a card nearest to the height that is wanted."""
        self._reach(column)
        holes = self._holes[column]
        start = bisect_left(holes, (wanted, wanted))
        best: float | None = None
        for begin, end in holes[max(0, start - _TRIED) : start + _TRIED]:
            least, most = begin + GAP + size / 2, end - GAP - size / 2
            if least <= most:
                middle = min(max(wanted, least), most)
                if best is None or abs(middle - wanted) < abs(best - wanted):
                    best = middle
        if best is None or abs(best - wanted) > min(_FAR, abs(self._ends[column] - wanted)):
            return None
        return best

    def fill(self, column: int, middle: float, size: float) -> None:
        """Take a place that ``hole`` found."""
        holes = self._holes[column]
        number = bisect_left(holes, (middle, middle)) - 1
        begin, end = holes.pop(number)
        self._leave(column, middle + size / 2, end, number)
        self._leave(column, begin, middle - size / 2, number)

    def _leave(self, column: int, begin: float, end: float, number: int | None = None) -> None:
        if end - begin >= ROW + GAP:
            holes = self._holes[column]
            holes.insert(len(holes) if number is None else number, (begin, end))

    def _reach(self, column: int) -> None:
        while len(self._ends) <= column:
            self._ends.append(-GAP)
            self._holes.append([])
