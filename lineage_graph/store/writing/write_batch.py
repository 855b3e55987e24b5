"""The writes of a put, kept until they can be run together: a round trip costs more than its rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from lineage_graph.store.session import Transaction

_MOST_ROWS = 5000  # rows of a statement
_MOST_PARTS = 12  # writes of a statement: each combination is planned anew


@dataclass(frozen=True)
class _Part:
    query: str
    rows: Sequence[Any]
    holes: dict[str, object]
    on_missing: Callable[[], None]


class Writes:
    """Statements of ``cypher/write`` that take ``rows``, and return how many they wrote."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction
        self._parts: list[_Part] = []
        self._size = 0

    def add(
        self,
        query: str,
        rows: Sequence[Any],
        on_missing: Callable[[], None] = lambda: None,
        **holes: object,
    ) -> None:
        """Keep a statement, or run what is kept where it becomes too much.

        ``on_missing`` is called where fewer rows were written than given.
        """
        for start in range(0, len(rows), _MOST_ROWS):
            part = _Part(query, rows[start : start + _MOST_ROWS], holes, on_missing)
            if self._size + len(part.rows) > _MOST_ROWS or len(self._parts) == _MOST_PARTS:
                self.run()
            self._parts.append(part)
            self._size += len(part.rows)

    def run(self) -> None:
        """Run what is kept, in the order it came."""
        parts, self._parts, self._size = self._parts, [], 0
        if not parts:
            return
        written = self._transaction.run_together(
            [(part.query, part.holes) for part in parts], [part.rows for part in parts]
        )
        for part, count in zip(parts, written, strict=True):
            if count < len(part.rows):
                part.on_missing()
